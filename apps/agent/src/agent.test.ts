import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDefinedError, safe } from "@orpc/client";
import type { AgentClient } from "@ws/rpc-contract/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestAgent, type TestAgent } from "./testing/test-agent.ts";

let agent: TestAgent;
let local: AgentClient;

beforeAll(async () => {
  agent = await startTestAgent();
  local = agent.local;
});
afterAll(() => agent[Symbol.asyncDispose]());

/** The wire code and domain code of a refusal. */
async function refusal(call: Promise<unknown>): Promise<string> {
  const { error } = await safe(call);
  if (!isDefinedError(error)) throw error ?? new Error("it was expected to be refused");
  const { code, data } = error as unknown as { code: string; data: { code: string } };
  return `${code} ${data.code}`;
}

const clientOf = async (scope: string): Promise<AgentClient> =>
  agent.remote((await local.tokens.create({ name: `t-${randomBytes(4).toString("hex")}`, scope })).token);

describe("workspaces over the wire", () => {
  test("are made, listed, used and deleted", async () => {
    const made = await local.workspaces.create({
      name: "demo",
      clone: "https://git.test/o/repo.git",
      ttlSeconds: 3_600,
    });
    expect(made).toMatchObject({
      name: "demo",
      status: "running",
      phase: "ready",
      repo: "https://git.test/o/repo.git",
      branch: "main",
      directory: "/home/workspace/repo",
      runtime: "docker",
      ttlSeconds: 3_600,
      ports: { ssh: 0 },
    });
    expect(made.startup.steps.every(({ status }) => status === "done")).toBe(true);
    expect((await local.workspaces.list()).map(({ name }) => name)).toEqual(["demo"]);
    expect(await local.workspaces.exec({ name: "demo", command: "hello" })).toEqual({
      stdout: "hello\n",
      stderr: "seen\n",
      exitCode: 0,
    });
    expect(await local.workspaces.logs({ name: "demo" })).toContain("Clone the repository");
    expect((await local.workspaces.stop({ name: "demo" })).status).toBe("stopped");
    expect(await refusal(local.workspaces.exec({ name: "demo", command: "x" }))).toBe(
      "PRECONDITION_FAILED workspace_not_running",
    );
    expect((await local.workspaces.start({ name: "demo" })).status).toBe("running");
    expect((await local.workspaces.rename({ name: "demo", newName: "other" })).id).toBe(made.id);
    expect(await local.workspaces.delete({ name: "other" })).toEqual({ success: true });
    expect(await refusal(local.workspaces.get({ name: "other" }))).toBe("NOT_FOUND workspace_not_found");
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["an illegal name", { name: "a;id" }, "BAD_REQUEST invalid_name"],
    ["a bad clone URL", { name: "bad", clone: "ext::sh -c id" }, "BAD_REQUEST invalid_clone_url"],
    ["an unknown field", { name: "bad", privileged: true }, "BAD_REQUEST invalid_input"],
    ["a mount", { name: "bad", mounts: ["/:/host"] }, "BAD_REQUEST invalid_input"],
    ["a bad variable name", { name: "bad", env: { "A B": "x" } }, "BAD_REQUEST invalid_input"],
    ["a runtime that is not there", { name: "bad", runtime: "podman" }, "BAD_REQUEST invalid_input"],
  ])("%s is refused", async (_title, input, expected) => {
    expect(await refusal(local.workspaces.create(input as { name: string }))).toBe(expected);
    expect((await local.workspaces.list()).map(({ name }) => name)).not.toContain("bad");
  });

  test("a taken name is a conflict, also for 50 at once; one key makes one workspace and 50 equal answers", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => local.workspaces.create({ name: "once", idempotencyKey: "key-1" })),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await refusal(local.workspaces.create({ name: "once" }))).toBe("CONFLICT name_taken");
    expect(await refusal(local.workspaces.create({ name: "else", idempotencyKey: "key-1" }))).toBe(
      "CONFLICT idempotency_mismatch",
    );
    await local.workspaces.delete({ name: "once" });
  });

  test("with wait: false the answer comes at once and the steps arrive as events", async () => {
    const stop = new AbortController();
    const events = await local.workspaces.events(undefined, { signal: stop.signal });
    const first = await events.next();
    expect(first.value).toMatchObject({ type: "snapshot" });
    const begun = await local.workspaces.create({ name: "later", wait: false });
    expect(begun.status).toBe("creating");
    for await (const event of events) {
      if (event.type === "changed" && event.workspace.id === begun.id && event.workspace.status === "running") break;
    }
    stop.abort();
    await local.workspaces.delete({ name: "later" });
  });

  test("a name that nothing has yet is watched until something takes it", async () => {
    const stop = new AbortController();
    const events = await local.workspaces.events({ name: "awaited" }, { signal: stop.signal });
    expect((await events.next()).value).toEqual({ type: "snapshot", workspaces: [] });
    await local.workspaces.create({ name: "other" });
    const { id } = await local.workspaces.create({ name: "awaited" });
    expect((await events.next()).value).toMatchObject({ workspace: { id } });
    stop.abort();
    for (const name of ["other", "awaited"]) await local.workspaces.delete({ name });
  });

  test("an unknown name is refused before its log begins", async () => {
    expect(await refusal(local.workspaces.followLogs({ name: "nobody" }))).toMatch(/^NOT_FOUND/);
  });

  test("an engine that goes away is said to be, at once and in the list", async () => {
    agent.adapters.docker.setReachable(false);
    await expect.poll(async () => (await local.info()).engineAvailable).toBe(false);
    expect(await refusal(local.workspaces.create({ name: "noengine" }))).toBe("PRECONDITION_FAILED engine_unreachable");
    agent.adapters.docker.setReachable(true);
    await expect.poll(async () => (await local.info()).engineAvailable).toBe(true);
    await local.workspaces.delete({ name: "noengine" }).catch(() => undefined);
  });
});

describe("exec", () => {
  beforeAll(() => local.workspaces.create({ name: "run" }));

  test("passes the exit code, the environment and credentials set later", async () => {
    expect((await local.workspaces.exec({ name: "run", command: "exit 7" })).exitCode).toBe(7);
    const env = { GREETING: "hi" };
    expect((await local.workspaces.exec({ name: "run", command: "env GREETING", env })).stdout).toBe("hi");
    await local.config.settings.set({ key: "env.LATER", value: "now there" });
    expect((await local.workspaces.exec({ name: "run", command: "env LATER" })).stdout).toBe("now there");
  });

  test("ends a command at its timeout", async () => {
    expect(await refusal(local.workspaces.exec({ name: "run", command: "sleep", timeout: 50 }))).toBe(
      "TIMEOUT timeout",
    );
  });

  test("keeps 10 MiB of output and says that there was more", async () => {
    const result = await local.workspaces.exec({ name: "run", command: `flood ${11 * 1024 * 1024}` });
    expect(result.stdout).toHaveLength(10 * 1024 * 1024);
    expect(result.truncated).toBe(true);
  });

  test("a program that is not there is named", async () => {
    expect(await refusal(local.workspaces.exec({ name: "run", command: ["nope"] }))).toBe(
      "BAD_REQUEST command_not_found",
    );
  });
});

describe("tokens and links", () => {
  test("a one-time link signs one browser in, once, from the fragment", async () => {
    const { url } = await local.auth.link();
    expect(url).toMatch(new RegExp(`^${agent.agent.url}/#code=[\\w-]{22,}$`));
    const code = url.split("#code=")[1] ?? "";
    const anonymous = agent.remote("none");
    const { token } = await anonymous.auth.exchange({ code });
    expect((await agent.remote(token).info()).version).toBe("0.1.0");
    expect(await refusal(anonymous.auth.exchange({ code }))).toBe("UNAUTHORIZED unauthorized");
    const log = readFileSync(join(agent.configDirectory, "agent.log"), "utf8");
    expect(log).not.toContain(code);
    expect(log).not.toContain(token);
  });

  test("the printed link works too", async () => {
    const code = /#code=(\S+)/.exec(agent.said)?.[1] ?? "";
    expect((await agent.remote("none").auth.exchange({ code })).token).toMatch(/^wst_/);
    expect(agent.said).toContain("ws start demo --clone");
  });

  test("a revoked token is refused with its next request (OpenClaw GHSA-m8wm)", async () => {
    const { token, id } = await local.tokens.create({ name: "short-lived" });
    expect((await agent.remote(token).workspaces.list()).length).toBeGreaterThanOrEqual(0);
    expect(JSON.stringify(await local.tokens.list())).not.toContain(token);
    await local.tokens.revoke({ token: "short-lived" });
    expect(await refusal(agent.remote(token).workspaces.list())).toBe("UNAUTHORIZED unauthorized");
    expect((await local.tokens.list()).map((known) => known.id)).not.toContain(id);
    expect(await refusal(local.tokens.revoke({ token: "short-lived" }))).toBe("BAD_REQUEST invalid_input");
  });

  test("each scope reaches what it is for, and the refusal names what is needed", async () => {
    await local.workspaces.create({ name: "alpha" });
    await local.workspaces.create({ name: "beta" });
    const [read, write, own] = await Promise.all(["read", "write", "workspace:alpha"].map(clientOf));
    if (read === undefined || write === undefined || own === undefined) throw new Error("no clients");
    expect((await read.workspaces.list()).length).toBeGreaterThanOrEqual(2);
    expect(await refusal(read.workspaces.stop({ name: "alpha" }))).toBe("FORBIDDEN forbidden");
    expect(await refusal(write.config.credentials.get())).toBe("FORBIDDEN forbidden");
    expect(await refusal(write.tokens.create({ name: "more", scope: "admin" }))).toBe("FORBIDDEN forbidden");
    expect((await own.workspaces.exec({ name: "alpha", command: "x" })).exitCode).toBe(0);
    expect(await refusal(own.workspaces.exec({ name: "beta", command: "x" }))).toBe("FORBIDDEN forbidden");
    expect(await refusal(own.workspaces.list())).toBe("FORBIDDEN forbidden");
    const { error } = await safe(own.workspaces.delete({ name: "alpha" }));
    expect((error as unknown as { data: { next: string } }).data.next).toContain("--scope write");
  });

  test("a workspace's token does not go to the next one of its name (OpenClaw GHSA-rqpp)", async () => {
    await local.workspaces.create({ name: "gamma" });
    const own = await clientOf("workspace:gamma");
    await local.workspaces.rename({ name: "gamma", newName: "delta" });
    await local.workspaces.create({ name: "gamma" });
    expect(await refusal(own.workspaces.get({ name: "gamma" }))).toBe("FORBIDDEN forbidden");
    expect((await own.workspaces.get({ name: "delta" })).name).toBe("delta");
    expect(await refusal(clientOf("workspace:nobody").then((client) => client.info()))).toBe(
      "NOT_FOUND workspace_not_found",
    );
  });
});

describe("a secret that comes from anywhere (Coder CVE-2025-66411, Jupyter's secrets in 500 pages)", () => {
  test("is neither in the log, nor in the state, nor in an answer", async () => {
    const canary = `canary-${randomBytes(12).toString("hex")}`;
    await local.config.settings.set({ key: "env.CANARY", value: canary });
    const { token } = await local.tokens.create({ name: "canary" });
    const answers: string[] = [];
    const post = async (path: string, body: string, headers: Record<string, string> = {}): Promise<void> => {
      const all = { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers };
      answers.push((await agent.ask(path, { method: "POST", headers: all, body })).text);
    };
    await post("/rpc/info", "{}", { authorization: `Bearer ${canary}` });
    await post("/rpc/info", `{ ${canary}`, { "x-canary": canary, referer: `http://127.0.0.1/${canary}` });
    await post(`/rpc/nowhere?token=${canary}`, "{}");
    const clone = `https://user:${canary}@git.test/o/r.git`;
    await post("/api/workspaces", JSON.stringify({ name: "leak", clone }));
    agent.adapters.docker.intercept((method) => {
      if (method === "create") throw new Error(`boom ${canary} ${Buffer.from(`x:${canary}`).toString("base64")}`);
    });
    await post("/api/workspaces", JSON.stringify({ name: "leak" }));
    agent.adapters.docker.intercept(() => undefined);
    await post("/api/workspaces/leak/logs", "{}");
    answers.push(JSON.stringify(await local.workspaces.list()), JSON.stringify(await local.audit.list()));
    expect(answers.join()).not.toContain(canary);
    for (const file of ["config.json", "agent.log", "state.db", "state.db-wal"]) {
      expect([file, readFileSync(join(agent.configDirectory, file), "latin1").includes(canary)]).toEqual([file, false]);
    }
    expect(agent.logged.join("")).not.toContain(canary);
    expect(agent.logged.join("")).toContain("[redacted]");
    await local.workspaces.delete({ name: "leak" });
  });
});

describe("what the worker tells of itself", () => {
  test("credentials come masked, and what is sent back unchanged is kept", async () => {
    const secret = `sk-${randomBytes(20).toString("hex")}`;
    await local.config.credentials.update({ env: { KEY: secret }, files: {} });
    const shown = await local.config.credentials.get();
    expect(shown.env).toEqual({ KEY: `…${secret.slice(-4)}` });
    await local.config.credentials.update({ env: { ...shown.env, MORE: "another value" }, files: {} });
    await local.workspaces.create({ name: "creds" });
    expect((await local.workspaces.exec({ name: "creds", command: "env KEY" })).stdout).toBe(secret);
    for (const file of ["config.json", "agent.log", "state.db", "state.db-wal"]) {
      expect(readFileSync(join(agent.configDirectory, file), "latin1")).not.toContain(secret);
    }
  });

  test("scripts are read and replaced", async () => {
    expect(await local.config.scripts.get()).toMatchObject({ fail_on_error: false });
    const next = { post_start: ["/a.sh", "/b.sh"], fail_on_error: true };
    expect(await local.config.scripts.update(next)).toEqual(next);
    expect(await local.config.scripts.update({})).toEqual({ fail_on_error: false });
  });

  test("settings are listed with their source; what cannot be is refused", async () => {
    const port = (await local.config.settings.list()).find(({ key }) => key === "port");
    expect(port).toMatchObject({ value: 0, default: 7391, source: "environment", restart: true });
    expect(await refusal(local.config.settings.set({ key: "nope", value: 1 }))).toBe("BAD_REQUEST invalid_input");
  });

  test("the audit names who did what to what, with which outcome, and never a value", async () => {
    const write = await clientOf("write");
    await safe(write.workspaces.delete({ name: "nobody" }));
    await safe(write.config.settings.set({ key: "env.SECRET", value: "the value" }));
    const entries = await local.audit.list({ limit: 10 });
    expect(entries).toContainEqual(
      expect.objectContaining({
        who: expect.stringMatching(/^t-\w+ \(tok-\w+\)$/) as string,
        action: "workspaces.delete",
        target: "nobody",
        outcome: "workspace_not_found",
      }),
    );
    expect(entries).toContainEqual(
      expect.objectContaining({ action: "config.settings.set", target: "env.SECRET", outcome: "forbidden" }),
    );
    expect(JSON.stringify(entries)).not.toContain("the value");
  });

  test("the state is exported in the seed's shape, without secrets", async () => {
    const { workspaces } = await local.state.export();
    expect(workspaces["alpha"]).toEqual({
      name: "alpha",
      status: "running",
      containerId: expect.stringMatching(/^fake-/) as string,
      created: expect.stringMatching(/^\d{4}-/) as string,
      ports: { ssh: 0 },
    });
  });

  test("the doctor looks at everything and finds this worker sound", async () => {
    const checks = await local.doctor();
    expect(checks.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["runtime", "isolation", "disk", "state", "permissions", "listening", "inotify"]),
    );
    expect(checks.filter(({ id }) => ["runtime", "state", "permissions", "listening"].includes(id))).toEqual(
      expect.arrayContaining([expect.objectContaining({ status: "ok" })]),
    );
    expect(checks.filter(({ status, next }) => status !== "ok" && next === undefined)).toEqual([]);
  });

  test("the OpenAPI dialect answers with plain JSON and the same errors", async () => {
    const { token } = await local.tokens.create({ name: "api" });
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const missing = await agent.ask("/api/workspaces/nobody", { headers });
    expect(missing.status).toBe(404);
    expect(JSON.parse(missing.text)).toMatchObject({ code: "NOT_FOUND", data: { code: "workspace_not_found" } });
    const exec = { method: "POST", headers, body: '{"command":["sh","-c","hi"]}' };
    expect(JSON.parse((await agent.ask("/api/workspaces/alpha/exec", exec)).text)).toMatchObject({ stdout: "hi\n" });
    const spec = JSON.parse((await agent.ask("/api/spec.json", { headers })).text) as { paths: object };
    expect(Object.keys(spec.paths)).toContain("/workspaces/{name}/exec");
  });
});
