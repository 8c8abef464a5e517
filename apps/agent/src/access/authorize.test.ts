import { traverseContractProcedures } from "@orpc/server";
import { contract } from "@ws/rpc-contract";
import { isWsError } from "@ws/workspace-core";
import { describe, expect, test } from "vitest";
import type { Caller } from "./caller.ts";
import { authorize } from "./authorize.ts";
import { ruleOf } from "./rules/index.ts";
import type { Rule } from "./rules/rule.ts";

const find = (name: string): string | undefined => ({ alpha: "ws-1", beta: "ws-2" })[name];
const caller = (scope: Caller["scope"]): Caller => ({
  who: scope,
  scope,
  ...(scope === "workspace" ? { workspace: "ws-1" as const } : {}),
});

function verdict(scope: Caller["scope"] | undefined, rule: Rule, name?: unknown, more: object = {}): string {
  try {
    authorize(scope === undefined ? undefined : caller(scope), rule, { name, ...more }, find);
    return "ok";
  } catch (error) {
    return isWsError(error) ? error.code : "?";
  }
}

/** What becomes of a call with the token of alpha. */
function judge(input: object, rule: Rule): string {
  const withTask = (task: string): string | undefined => ({ "task-a": "ws-1", "task-b": "ws-2" })[task];
  try {
    authorize(caller("workspace"), rule, input, find, undefined, withTask);
    return "ok";
  } catch (error) {
    return isWsError(error) ? error.code : "?";
  }
}

test("every procedure of the contract has a rule", () => {
  traverseContractProcedures({ router: contract, path: [] }, ({ path }) => {
    expect([path, ruleOf(path)]).toEqual([path, expect.objectContaining({ needs: expect.any(String) as string })]);
  });
});

test("what is no procedure has none", () => {
  for (const path of [
    [],
    ["workspaces"],
    ["workspaces", "nope"],
    ["__proto__"],
    ["constructor", "needs"],
    ["info", "needs"],
  ]) {
    expect(ruleOf(path)).toBeUndefined();
  }
});

describe("scopes are the server's, whatever a caller claims (OpenClaw GHSA-rqpp)", () => {
  test.each<[Caller["scope"] | undefined, string, string, string, string]>([
    [undefined, "unauthorized", "unauthorized", "unauthorized", "unauthorized"],
    ["read", "ok", "ok", "forbidden", "forbidden"],
    ["write", "ok", "ok", "ok", "forbidden"],
    ["admin", "ok", "ok", "ok", "ok"],
    ["workspace", "ok", "forbidden", "forbidden", "forbidden"],
  ])("%s: any %s, read %s, write %s, admin %s", (scope, any, read, write, admin) => {
    expect(verdict(scope, { needs: "open" })).toBe("ok");
    expect(verdict(scope, { needs: "any" })).toBe(any);
    expect(verdict(scope, { needs: "read" }, "alpha")).toBe(read);
    expect(verdict(scope, { needs: "write" }, "alpha")).toBe(write);
    expect(verdict(scope, { needs: "admin" }, "alpha")).toBe(admin);
  });

  test.each([
    ["alpha", "ok"],
    ["beta", "forbidden"],
    ["gone", "forbidden"],
    [["alpha"], "forbidden"],
    [undefined, "forbidden"],
  ])("a token of alpha's on %j: %s", (name, expected) => {
    expect(verdict("workspace", { needs: "write", ownWorkspace: true }, name)).toBe(expected);
  });

  test.each<[string, object, string]>([
    ["alpha's", { task: "task-a" }, "ok"],
    ["alpha's, said to be in alpha", { task: "task-a", name: "alpha" }, "ok"],
    ["alpha's, said to be in beta", { task: "task-a", name: "beta" }, "forbidden"],
    ["alpha's, in a workspace that is no name", { task: "task-a", name: null }, "forbidden"],
    ["beta's", { task: "task-b" }, "forbidden"],
    ["none", { task: "task-c" }, "forbidden"],
    ["not even a name", { task: ["task-a"] }, "forbidden"],
    ["not said", {}, "forbidden"],
  ])("a token of alpha's on a task that is %s, by itself: %j: %s", (_, input, expected) => {
    for (const needs of ["read", "write"] as const) {
      expect(judge(input, { needs, ownWorkspace: true, byTask: true })).toBe(expected);
    }
  });

  test("a task stands for its workspace where the rule says so, and nowhere else", () => {
    expect(judge({ task: "task-a" }, { needs: "read", ownWorkspace: true })).toBe("forbidden");
    const passed: string[] = [];
    traverseContractProcedures({ router: contract, path: [] }, ({ path }) => {
      const rule = ruleOf(path);
      if (rule === undefined || rule.needs === "open" || rule.needs === "any") return;
      const name = path.join(".");
      expect([name, judge({ task: "task-b" }, rule)]).toEqual([name, "forbidden"]);
      expect([name, judge({ task: "task-b", name: "beta" }, rule)]).toEqual([name, "forbidden"]);
      if (judge({ task: "task-a" }, rule) === "ok") passed.push(name);
    });
    expect(passed.sort()).toEqual(["cancel", "get", "output", "resume", "retry"].map((verb) => `tasks.${verb}`));
  });

  test("a token of alpha asks, without saying anything, only for what is told of its own workspace", () => {
    const may = ({ path }: { path: readonly string[] }): boolean => {
      const rule = ruleOf(path);
      return rule !== undefined && rule.needs !== "open" && rule.needs !== "any" && judge({}, rule) === "ok";
    };
    const passed: string[] = [];
    traverseContractProcedures({ router: contract, path: [] }, (at) => {
      if (may(at)) passed.push(at.path.join("."));
    });
    expect(passed).toEqual(["workspaces.list", "workspaces.usage"]);
    expect(judge({ name: "beta" }, { needs: "read", tellsOwn: true })).toBe("forbidden");
    expect(judge({}, { needs: "read" })).toBe("forbidden");
  });

  test("a token of a pipeline calls what its handler may and nothing else, also where any token would do", () => {
    const may = (path: string, settings: object, more: object = {}): string => {
      const handler = { kind: "publish", settings: { repo: "alpha", writable_paths: ["docs"], ...settings } } as const;
      try {
        const own = { needs: "write", ownWorkspace: true } as const;
        authorize({ ...caller("workspace"), handler }, own, { name: "alpha", ...more }, find, path.split("."));
        return "ok";
      } catch (error) {
        return isWsError(error) ? error.code : "?";
      }
    };
    expect(["files.write", "files.edit", "git.pull"].map((path) => may(path, {}))).toEqual(["ok", "ok", "ok"]);
    for (const path of ["files.read", "git.add", "git.commit", "git.push", "workspaces.exec", "info", "policy.get"]) {
      expect([path, may(path, {})]).toEqual([path, "forbidden"]);
    }
    expect(may("git.commit", { commit_enabled: true }, { message: "m" })).toBe("ok");
    expect(may("git.commit", { commit_enabled: true }, { all: true })).toBe("forbidden");
    expect(may("git.push", { push_enabled: true }, { force: true })).toBe("forbidden");
    expect(may("git.push", { push_enabled: true }, { force: undefined })).toBe("ok");
    expect(may("git.push", { commit_enabled: true })).toBe("forbidden");
    expect(may("git.push", { push_enabled: true })).toBe("ok");
    // Neither what others made elsewhere comes in through it, nor does what it made go elsewhere.
    expect(may("git.pull", {}, { branch: "evil" })).toBe("forbidden");
    expect(may("git.push", { push_enabled: true }, { branch: "main" })).toBe("forbidden");
  });

  test("nor does it open a terminal, which no procedure stands for", () => {
    const handler = { kind: "fetch", settings: { repo: "alpha" } } as const;
    const open = (): void =>
      authorize({ ...caller("workspace"), handler }, { needs: "write", ownWorkspace: true }, { name: "alpha" }, find);
    expect(open).toThrow(expect.objectContaining({ code: "forbidden" }) as Error);
  });

  test.each([
    [{}, "ok"],
    [{ env: { A: "b" } }, "ok"],
    [{ runtime: "local" }, "forbidden"],
    [{ profile: "person" }, "forbidden"],
    [{ runtime: undefined }, "forbidden"],
    [{ env: {}, clone: "https://git.example.com/a/b" }, "forbidden"],
  ])("a token of alpha's starts it, and says nothing of what it is made of: %j: %s", (more, expected) => {
    const start = ruleOf(["workspaces", "start"]);
    if (start === undefined) throw new Error("no rule");
    expect(verdict("workspace", start, "alpha", more)).toBe(expected);
    expect(verdict("write", start, "alpha", more)).toBe("ok");
  });
});

test("what a hub's caller may not do names the worker's grant to its hub", () => {
  const refused = (from: Caller): unknown => {
    try {
      return authorize(from, { needs: "admin" }, {}, find);
    } catch (error) {
      return error;
    }
  };
  expect(refused({ ...caller("write"), countedFor: "hub/h: ada" })).toHaveProperty(
    "next",
    expect.stringContaining("ws agent run --hub URL --hub-grant admin"),
  );
  expect(refused(caller("write"))).toHaveProperty("next", "Create one that may: ws token create NAME --scope admin.");
});
