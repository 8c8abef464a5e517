import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { safe } from "@orpc/client";
import type { AgentClient } from "@ws/rpc-contract/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal } from "../testing/refusal.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
let local: AgentClient;

beforeAll(async () => {
  agent = await startTestAgent();
  local = agent.local;
});
afterAll(() => agent[Symbol.asyncDispose]());

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
  beforeAll(() => local.workspaces.create({ name: "alpha" }));

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

  test("an input that does not fit is told in plain words, with its field", async () => {
    await expect(local.workspaces.create({ name: "fits", clone: "" })).rejects.toThrow("'clone' is empty.");
    const limits = { memoryBytes: 1e18 };
    await expect(local.workspaces.create({ name: "fits", limits })).rejects.toThrow(
      "'limits.memoryBytes' is too large.",
    );
  });

  test("the audit names who did what to what, with which outcome, and never a value", async () => {
    const write = await agent.scoped("write");
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

  test("the state is exported by workspaces' names, without secrets", async () => {
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
