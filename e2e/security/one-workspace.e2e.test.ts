import { once } from "node:events";
import { contract } from "@ws/rpc-contract";
import { createAgentClient } from "@ws/rpc-contract/client";
import { describe, expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { shareAgent } from "../support/share-agent.ts";
import { overHttp } from "../support/tool-client.ts";

describe("with the token of alpha nothing is done to beta, nor to the worker (token reuse, self-declared scopes: OpenClaw GHSA-rqpp)", () => {
  let agent: AgentProcess;
  let token: string;
  let bearer: Record<string, string>;
  /** In beta, as it was before anybody tried. */
  const PLANTED = "planted.txt";

  shareAgent(async (parts) => {
    agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: "local" } }));
    for (const name of ["alpha", "beta"]) await agent.client.workspaces.create({ name });
    await agent.client.files.write({ name: "beta", path: PLANTED, content: "beta's own\n" });
    await agent.client.tasks.create({ name: "beta", spec: { kind: "command", command: ["true"] } });
    ({ token } = await agent.client.tokens.create({ name: "alpha-only", scope: "workspace:alpha" }));
    bearer = { authorization: `Bearer ${token}` };
    return agent;
  });

  const ask = async (
    path: string,
    { headers = {}, ...init }: Omit<RequestInit, "headers"> & { headers?: Record<string, string> } = {},
  ): Promise<number> => {
    const answer = await fetch(`${agent.url}${path}`, { ...init, headers: { ...bearer, ...headers } });
    await answer.body?.cancel();
    return answer.status;
  };

  test("every procedure that takes a name refuses beta's, and every other that needs more than a token refuses it", async () => {
    const refused: string[] = [];
    const passed: string[] = [];
    const { tasks } = agent.client;
    const [task] = await tasks.list({ name: "beta" });
    for (const path of proceduresOf(contract)) {
      const input = { name: "beta", task: task?.id, path: PLANTED, command: ["id"], key: "port", token: "e2e" };
      const answer = await fetch(`${agent.url}/rpc/${path.join("/")}`, {
        method: "POST",
        headers: { ...bearer, "content-type": "application/json", "ws-scope": "admin", "x-scope": "admin" },
        body: JSON.stringify({ json: input }),
      });
      // Whose token is no device's has none to see.
      const isNothing = path.join(".") === "devices.list" && (await answer.text()) === '{"json":[]}';
      if (!answer.bodyUsed) await answer.body?.cancel();
      if (isNothing) continue;
      // Some do not take a name and say so first; what they would do is not begun either.
      (answer.status === 403 || answer.status === 400 ? refused : passed).push(`${path.join(".")} ${answer.status}`);
    }
    expect(refused.length).toBeGreaterThan(100);
    // Of these, `auth.exchange` takes a code of its own, and the rest tell who is asking and which worker this is.
    expect(passed.map((said) => said.split(" ")[0])).toEqual(expect.arrayContaining(["info", "auth.whoami"]));
    expect(passed.filter((said) => !/^(?:info|ssh\.info|auth\.whoami|auth\.exchange) /.test(said))).toEqual([]);
  });

  test("nor is beta's task told, ended, repeated, answered or read by its id alone, while its own is", async () => {
    const { tasks } = agent.client;
    const spec = { kind: "command" as const, command: ["sh", "-c", "echo beta-said; sleep 600"] };
    const planted = await tasks.create({ name: "beta", spec });
    await expect.poll(async () => (await tasks.get({ task: planted.id })).status).toBe("running");
    const before = await tasks.list({ name: "beta" });
    const own = await tasks.create({ name: "alpha", spec: { kind: "command", command: ["echo", "own"] } });
    await expect.poll(async () => (await tasks.get({ task: own.id })).status).toBe("completed");
    const call = async (verb: string, task: string) => {
      const answer = await fetch(`${agent.url}/rpc/tasks/${verb}`, {
        method: "POST",
        headers: { ...bearer, "content-type": "application/json" },
        body: JSON.stringify({ json: { task } }),
      });
      return { status: answer.status, text: await answer.text() };
    };
    const byId = ["get", "output", "cancel", "retry", "resume"];
    for (const verb of byId) {
      const refused = await call(verb, planted.id);
      expect([verb, refused.status]).toEqual([verb, 403]);
      // Not told from one that there is not.
      expect(refused.text).toBe((await call(verb, "task-000000000000")).text);
      expect(refused.text).not.toContain("beta");
      expect([verb, (await call(verb, own.id)).status]).not.toEqual([verb, 403]);
    }
    expect(await ask(`/tasks/${planted.id}/log`)).toBe(403);
    expect(await ask(`/tasks/${own.id}/log`)).toBe(200);
    for (const path of ["", "/output", "/cancel", "/retry", "/resume"]) {
      const method = path === "" || path === "/output" ? "GET" : "POST";
      expect([path, await ask(`/api/tasks/${planted.id}${path}`, { method })]).toEqual([path, 403]);
    }
    expect(await tasks.list({ name: "beta" })).toEqual(before);
    await tasks.cancel({ task: planted.id });
  });

  test("nor over plain HTTP, to its settings, credentials, scripts and tokens", async () => {
    const json = { "content-type": "application/json" };
    const put = (body: object) => ({ method: "PUT", headers: json, body: JSON.stringify(body) });
    const statuses = await Promise.all([
      ask("/api/workspaces/beta"),
      ask(`/api/workspaces/beta/files/content?path=${PLANTED}`),
      ask("/api/workspaces/beta/policy"),
      ask("/api/workspaces/beta/tasks"),
      ask("/api/tokens"),
      ask("/api/audit"),
      ask("/api/config/settings"),
      ask("/api/config/credentials"),
      ask("/api/config/scripts"),
      ask("/api/config/scripts", put({ post_start: "/bin/true" })),
      ask("/api/tokens", { method: "POST", headers: json, body: JSON.stringify({ name: "x", scope: "admin" }) }),
      ask("/api/workspaces/beta/exec", { method: "POST", headers: json, body: JSON.stringify({ command: ["id"] }) }),
    ]);
    expect(statuses.filter((status) => status !== 403 && status !== 404 && status !== 405)).toEqual([]);
    expect(statuses.filter((status) => status === 403).length).toBeGreaterThanOrEqual(8);
  });

  test("nor does a list tell of beta", async () => {
    const client = createAgentClient({ url: agent.url, token: () => token });
    expect((await client.workspaces.list()).map(({ name }) => name)).toEqual(["alpha"]);
  });

  test("nor by an address of its files, whatever the path is written like", async () => {
    for (const path of [`beta/${PLANTED}`, `beta/%2e/${PLANTED}`, `%62eta/${PLANTED}`, `alpha/../beta/${PLANTED}`]) {
      expect([path, await ask(`/files/${path}`)]).toEqual([path, 403]);
      expect([path, await ask(`/files/${path}`, { method: "PUT", body: "mine\n" })]).toEqual([path, 403]);
    }
    expect(await agent.client.files.read({ name: "beta", path: PLANTED })).toMatchObject({ content: "beta's own\n" });
  });

  test.each(["terminal", "exec", "rpc/terminal"])("nor over a socket: /%s", async (route) => {
    const url = `${agent.url.replace("http", "ws")}/${route}/beta`;
    const socket = new WebSocket(url, { headers: bearer } as never);
    const [event] = (await Promise.race([once(socket, "error"), once(socket, "open")])) as [Event];
    expect(event.type).toBe("error");
    const late = new WebSocket(url);
    await once(late, "open");
    late.send(JSON.stringify({ type: "auth", token }));
    late.send(JSON.stringify({ type: "attach", cols: 80, rows: 24 }));
    const [closed] = (await once(late, "close")) as [CloseEvent];
    expect(closed.code).toBe(4403);
    expect(await agent.client.terminals.list({ name: "beta" })).toEqual([]);
  });

  test("nor by the tools of coding agents, nor with the command line", async () => {
    await using tools = await overHttp(agent, token);
    for (const [tool, given] of [
      ["workspace_read", { repo: "beta", path: PLANTED }],
      ["workspace_write", { repo: "beta", path: PLANTED, content: "mine" }],
      ["workspace_git_status", { repo: "beta" }],
      ["workspace_remove", { name: "beta" }],
    ] as const) {
      expect([tool, await tools.code(tool, given)]).toEqual([tool, "forbidden"]);
    }
    const env = { WS_WORKER: agent.url, WS_TOKEN: token };
    for (const words of [
      ["exec", "beta", "--", "id"],
      ["task", "add", "beta", "--", "id"],
      ["file", "read", "beta", PLANTED],
      ["config", "set", "port", "1"],
      ["policy", "set", "alpha", "sensitivePaths", "false"],
    ]) {
      const { code, stdout, stderr } = await agent.ws(words, { env });
      expect([words, code !== 0, stdout]).toEqual([words, true, ""]);
      expect(stderr).toMatch(/403|\(forbidden\)/);
    }
  });

  test("while alpha is its own, and beta is as it was", async () => {
    const client = createAgentClient({ url: agent.url, token: () => token });
    expect(await client.workspaces.exec({ name: "alpha", command: ["echo", "hi"] })).toMatchObject({ stdout: "hi\n" });
    expect(await agent.client.files.read({ name: "beta", path: PLANTED })).toMatchObject({ content: "beta's own\n" });
    expect(await agent.client.tasks.list({ name: "beta" })).toHaveLength(2);
    expect((await agent.client.tokens.list()).map(({ name }) => name).sort()).toEqual(["alpha-only", "e2e"]);
  });
});

/** The names of every call that there is. */
function* proceduresOf(router: object, path: readonly string[] = []): Generator<readonly string[]> {
  if ("~orpc" in router) return yield path;
  for (const [name, below] of Object.entries(router)) yield* proceduresOf(below as object, [...path, name]);
}
