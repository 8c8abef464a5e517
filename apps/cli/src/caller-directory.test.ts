import { expect, test } from "vitest";
import { workerPath } from "./caller-directory.ts";
import { createFakeIo } from "./testing/fake-io.ts";

const io = { ...createFakeIo(), cwd: "/here" };

test.each([
  ["tool.git", "/here/tool.git"],
  ["../tool.git", "/tool.git"],
  ["/srv/tool.git", "/srv/tool.git"],
])("beside the agent %s is %s", (given, path) => {
  expect(workerPath(io, { kind: "socket", path: "/x" }, given)).toBe(path);
});

test("from another machine only a whole path is one, because this directory is not the worker's", () => {
  const target = { kind: "http", url: "http://worker.test:7391" } as const;
  expect(workerPath(io, target, "/srv/tool.git")).toBe("/srv/tool.git");
  for (const given of ["tool.git", ".", "../x"]) expect(() => workerPath(io, target, given)).toThrow("another machine");
});
