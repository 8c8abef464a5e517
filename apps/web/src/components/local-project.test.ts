import { expect, test } from "vitest";
import { localProject } from "./local-project.ts";

test("only a repository of the worker itself is a project without a forge", () => {
  expect(localProject("https://git.ws.internal/tool.git")).toBe("tool");
  expect(localProject("https://github.com/acme/git.ws.internal.git")).toBeUndefined();
  expect(localProject("git@github.com:acme/tool.git")).toBeUndefined();
  expect(localProject(undefined)).toBeUndefined();
});
