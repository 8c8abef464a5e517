import { afterAll, beforeAll, expect, test } from "vitest";
import { everyRoute } from "../testing/every-route.ts";
import { bearer } from "../testing/headers.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
let token: string;

beforeAll(async () => {
  agent = await startTestAgent();
  token = (await agent.local.tokens.create({ name: "prometheus", scope: "metrics" })).token;
});
afterAll(() => agent[Symbol.asyncDispose]());

test("what is measured is told in the text format of Prometheus, and names nothing that somebody chose", async () => {
  await agent.local.workspaces.create({ name: "ada-secret-project" });
  await agent.ask("/nowhere");
  const { status, headers, text } = await agent.ask("/metrics", { headers: bearer(token) });
  expect([status, headers["content-type"]]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  for (const line of [
    "# TYPE ws_workspaces gauge",
    'ws_workspaces{status="running"} 1',
    'ws_workspaces{status="stopped"} 0',
    'ws_tasks{status="running"} 0',
    "ws_engine_available 1",
    "# TYPE ws_http_answers_total counter",
  ]) {
    expect(text.split("\n")).toContain(line);
  }
  expect(text).toMatch(/^ws_http_answers_total\{class="2xx"\} [1-9]\d*$/m);
  expect(text).toMatch(/^ws_uptime_seconds [\d.]+$/m);
  expect(text).not.toContain("ada-secret-project");
  expect((await agent.ask("/metrics", { method: "HEAD", headers: bearer(token) })).text).toBe("");
  expect((await agent.ask("/metrics", { method: "POST", headers: bearer(token) })).status).toBe(405);
});

test("it is read by whoever may read everything, and by nobody who is limited to one thing", async () => {
  await agent.local.workspaces.create({ name: "one" });
  const made = { all: "read", one: "workspace:one" };
  const [all, one] = await Promise.all(
    Object.entries(made).map(async ([name, scope]) => (await agent.local.tokens.create({ name, scope })).token),
  );
  const limited = await agent.local.tokens.create({ name: "limited", scope: "write", commands: ["git"] });
  const statuses = [all, one, limited.token].map(
    async (each = "") => (await agent.ask("/metrics", { headers: bearer(each) })).status,
  );
  expect(await Promise.all(statuses)).toEqual([200, 403, 403]);
});

test("a token of the scope metrics opens nothing else", async () => {
  const others = everyRoute().filter(({ open, path }) => !open && path !== "/metrics");
  const opened: string[] = [];
  for (const { title, path, ask } of others) {
    const headers = { ...ask.headers, ...bearer(token) };
    const { status } = await agent.ask(path, { ...ask, headers, statusOnly: true });
    if (status !== 403) opened.push(`${status} ${title}`);
  }
  expect(others.length).toBeGreaterThan(200);
  expect(opened).toEqual([]);
});
