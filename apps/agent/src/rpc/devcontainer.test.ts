import { type Policies, WsError } from "@ws/workspace-core";
import { expect, test } from "vitest";
import type { Config } from "../config/config.ts";
import { withDevcontainer } from "./devcontainer.ts";

const clone = "https://forge.test/acme/web.git";

function asked(setting: string, request: Parameters<typeof withDevcontainer>[0], forbidden = false) {
  const config = { get: () => setting } as unknown as Config;
  const demandExecuteOf: Policies["demandExecuteOf"] = () => {
    if (!forbidden) return;
    throw new WsError("command_not_allowed", {
      message: "No.",
      data: { command: "/bin/sh", rule: "commands", setBy: "x" },
    });
  };
  const policies = { demandExecuteOf } as unknown as Policies;
  return withDevcontainer(request, { config, policies, layers: undefined }).devcontainer;
}

test("a devcontainer.json is followed where it is asked for, or by the setting wherever there is a repository", () => {
  expect(asked("ask", { clone })).toBeUndefined();
  expect(asked("ask", { clone, devcontainer: "lenient" })).toBe("lenient");
  expect(asked("always", { clone })).toBe("optional");
  expect(asked("always", {})).toBeUndefined();
  expect(asked("always", { clone, devcontainer: "strict" })).toBe("strict");
  expect(asked("never", { clone })).toBeUndefined();
  expect(() => asked("never", { clone, devcontainer: "strict" })).toThrow(
    expect.objectContaining({
      code: "devcontainer_refused",
      next: expect.stringContaining("ws config set devcontainer"),
    }),
  );
});

test("who may run only some programs has no repository's own commands run, and is told so where that was asked for", () => {
  expect(asked("always", { clone }, true)).toBeUndefined();
  expect(() => asked("ask", { clone, devcontainer: "strict" }, true)).toThrow(
    expect.objectContaining({ code: "command_not_allowed" }),
  );
});
