import { createFakeForge, createManualClock } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";
import { readArguments, settingsOf } from "./config.ts";
import { createRequest } from "./create-request.ts";
import { finalizeRequest, inWords } from "./finalize-request.ts";
import { credentialsOf } from "./rights.ts";
import { WsError } from "@ws/workspace-core";

const log = { debug() {}, info() {}, warn() {}, error() {} };
const repo = "https://forge.test/acme/app";
const forges = [createFakeForge({ clock: createManualClock() })];
const fieldOf = (error: unknown): unknown => (error as WsError<"invalid_input">).data.field;

describe("the arguments of the constructor", () => {
  const config = { workspacesDir: "/srv/workspaces" };
  test("are three, or one object of them", () => {
    const service = { source: undefined, getProvider: undefined } as never;
    expect(readArguments(config, service, log)).toEqual({ config, credentialService: service, logger: log });
    expect(readArguments({ config, credentialService: service, logger: log }, undefined, undefined)).toEqual({
      config,
      credentialService: service,
      logger: log,
    });
    expect(readArguments({}, undefined, undefined)).toMatchObject({ config: {} });
  });

  test("have their defaults, and one name for the directory at a time", () => {
    expect(settingsOf(config)).toMatchObject({ directory: "/srv/workspaces", autoCleanup: true, ttlMs: 3_600_000 });
    expect(settingsOf({ baseDir: "/srv/other", autoCleanup: false })).toMatchObject({
      directory: "/srv/other",
      ttlMs: undefined,
    });
    expect(settingsOf({}).directory).toBe(`${process.cwd()}/.workspaces`);
    expect(() => settingsOf({ workspacesDir: "/a", baseDir: "/b" })).toThrow("two values");
    expect(() => settingsOf({ workspaceTtlSeconds: 0 })).toThrow("workspaceTtlSeconds");
  });
});

describe("what is asked of the core", () => {
  const settings = settingsOf({ workspacesDir: "/w" });
  const ask = (more: Partial<Parameters<typeof createRequest>[0]>) =>
    createRequest({ repo, ...more }, { id: "ws-a", given: undefined, settings });

  test("is the repository on a branch of its execution, role and slug", () => {
    const asked = ask({
      baseBranch: "main",
      execution: { id: "exec-1", patternName: "review" },
      task: { id: "t", role: "engineer", slug: "auth" },
      user: { id: "u" },
    });
    expect(asked).toEqual({
      id: "ws-a",
      name: "ws-a",
      clone: repo,
      base: "main",
      autoCleanup: true,
      ttlMs: 3_600_000,
      execution: { id: "exec-1", role: "engineer", slug: "auth", taskId: "t", patternName: "review", userId: "u" },
    });
    expect(ask({ task: { role: "engineer" } }).execution).toMatchObject({ id: "ws-a" });
    expect(ask({})).not.toHaveProperty("execution");
  });

  test("is the base branch itself with 'direct', a named branch, and never a fork", () => {
    expect(ask({ branchStrategy: "direct", baseBranch: "main" }).branch).toBe("main");
    expect(ask({ branchName: "mine" }).branch).toBe("mine");
    for (const more of [
      { branchStrategy: "direct" },
      { branchStrategy: "direct", baseBranch: "main", branchName: "mine" },
      { branchStrategy: "fork" },
      { branchStrategy: "other" as "fork" },
    ] as const) {
      expect(() => ask(more)).toThrow(expect.objectContaining({ data: { field: "branchStrategy" } }) as Error);
    }
  });

  test.each(["http://example.test/hook", "file:///etc/passwd", "not a url"])("takes no webhook at %s", (webhook) => {
    expect(() => ask({ onComplete: { webhook } })).toThrow(
      expect.objectContaining({ data: { field: "onComplete.webhook" } }) as Error,
    );
  });
});

describe("what a user gives", () => {
  const of = (more: object) => credentialsOf({ repo, ...more }, repo, forges);
  const pat = { type: "pat", token: "token-1" } as const;

  test("goes by any of its names", () => {
    expect(of({ credentials: pat })).toBe(pat);
    expect(of({ userCredentials: pat })).toBe(pat);
    expect(of({ user: { id: "u", oauthToken: "token-2" } })).toEqual({ type: "oauth", token: "token-2" });
    expect(of({ credentials: { ...pat, provider: "fake" } })).toMatchObject(pat);
    expect(of({})).toBeUndefined();
  });

  test.each([
    [{ credentials: { ...pat, provider: "github" } }, "credentials.provider"],
    [{ credentials: { type: "ssh" } }, "credentials.type"],
    [{ credentials: { ...pat, token: "" } }, "credentials.token"],
    [{ credentials: { ...pat, token: "one\r\ntwo" } }, "credentials.token"],
  ])("%j is refused", (more, field) => {
    let thrown: unknown;
    try {
      of(more);
    } catch (error) {
      thrown = error;
    }
    expect(fieldOf(thrown)).toBe(field);
  });
});

describe("finalizing", () => {
  test("opens a pull request only where it is asked for", () => {
    const pr = { title: "T" };
    expect(finalizeRequest({ push: true, createPr: true, pr, cleanup: true })).toEqual({
      push: true,
      pullRequest: pr,
      cleanup: true,
    });
    expect(finalizeRequest({ pr })).toEqual({});
    expect(finalizeRequest({ createPr: true })).toEqual({ pullRequest: {} });
  });

  test("fails in the words of what was being done", () => {
    const met = new WsError("authentication_failed", { message: "Authentication failed for 'x'.", data: { url: "x" } });
    expect(inWords(met, "push")).toMatchObject({
      code: "authentication_failed",
      message: "The push failed: Authentication failed for 'x'.",
    });
    expect(inWords(met, "pull_request").message).toBe(
      "The pull request was not opened: Authentication failed for 'x'.",
    );
    expect(inWords(met, "commit")).toBe(met);
    expect(inWords(new DOMException("gone", "AbortError"), undefined).code).toBe("aborted");
  });
});
