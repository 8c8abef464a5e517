import type { TaskInfo } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { bearer } from "../testing/headers.ts";
import { command, ended } from "../testing/tasks.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

test("tasks are watched: those that are not over, then every change, of one workspace where it is named", async () => {
  await using agent = await startTestAgent();
  const { local } = agent;
  await local.workspaces.create({ name: "demo" });
  await local.workspaces.create({ name: "other" });
  const leaving = new AbortController();
  const events = await local.tasks.events({ name: "demo" }, { signal: leaving.signal });
  await local.tasks.create({ name: "other", spec: command("there") });
  const { id } = await local.tasks.create({ name: "demo", spec: command("here") });
  const seen: string[] = [];
  for await (const event of events) {
    if (event.type === "snapshot") seen.push(`snapshot ${event.tasks.length}`);
    else {
      expect(event.task.id).toBe(id);
      seen.push(event.task.status);
      if (event.task.status === "completed") break;
    }
  }
  leaving.abort();
  expect([seen[0], seen.at(-1)]).toEqual(["snapshot 0", "completed"]);
});

test("tasks are watched in the stream of the workspaces too, by whoever asks for that, and of one workspace where it is named", async () => {
  await using agent = await startTestAgent();
  const { local } = agent;
  await local.workspaces.create({ name: "other" });
  const leaving = new AbortController();
  const { signal } = leaving;
  const all = await local.workspaces.events({ tasks: true }, { signal });
  const awaited = await local.workspaces.events({ name: "demo", tasks: true }, { signal });
  const plain = await local.workspaces.events({ name: "demo" }, { signal });
  for (const events of [all, awaited]) {
    expect((await events.next()).value).toMatchObject({ type: "snapshot" });
    expect((await events.next()).value).toEqual({ type: "tasks", tasks: [] });
  }
  const { id: other } = await local.tasks.create({ name: "other", spec: command("there") });
  await ended(local, other);
  await local.workspaces.create({ name: "demo" });
  const { id } = await local.tasks.create({ name: "demo", spec: command("here") });
  const told = async (events: typeof all) => {
    const seen: string[] = [];
    for await (const event of events) {
      if (event.type === "task") seen.push(event.task.id);
      if (event.type === "task" && event.task.id === id && event.task.status === "completed") break;
    }
    return new Set(seen);
  };
  expect(await told(all)).toEqual(new Set([other, id]));
  expect(await told(awaited)).toEqual(new Set([id]));
  await local.workspaces.stop({ name: "demo" });
  for await (const event of plain) {
    expect(event.type).not.toMatch(/^task/);
    if (event.type === "changed" && event.workspace.status === "stopped") break;
  }
  leaving.abort();
});

test("tasks that ended while nobody watched are told to whoever comes back", async () => {
  await using agent = await startTestAgent();
  const { local } = agent;
  await local.workspaces.create({ name: "demo" });
  const { id } = await local.tasks.create({ name: "demo", spec: command("sleep") });
  await ended(local, id, "running");
  const { token } = await local.tokens.create({ name: "reader", scope: "read" });
  const first = await sseEvents(agent, token);
  expect(first).toMatchObject({ id: expect.stringMatching(/^\d+$/) as string, data: { type: "snapshot" } });
  expect(first.data.tasks?.map((task) => task.id)).toEqual([id]);
  await local.tasks.cancel({ task: id });
  expect((await sseEvents(agent, token)).data.tasks).toEqual([]);
  const again = await sseEvents(agent, token, first.id);
  expect(again.data.tasks).toMatchObject([{ id, status: "cancelled" }]);
  expect((await sseEvents(agent, token, "nonsense")).data.tasks).toEqual([]);
  const later = String(Date.now() + 3_600_000);
  expect((await sseEvents(agent, token, later)).data.tasks).toEqual([]);
});

/** The first event of the stream as plain HTTP gives it. */
async function sseEvents(
  { agent }: TestAgent,
  token: string,
  lastEventId?: string,
): Promise<{ id: string; data: { type: string; tasks?: TaskInfo[] } }> {
  const leaving = new AbortController();
  const answer = await fetch(`${agent.url}/api/tasks/events`, {
    headers: { ...bearer(token), ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }) },
    signal: leaving.signal,
  });
  let text = "";
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString("utf8");
    if (/^data: .*\n\n/ms.test(text)) break;
  }
  leaving.abort();
  const line = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(text)?.[1] ?? "";
  return { id: line("id"), data: JSON.parse(line("data")) as { type: string; tasks?: TaskInfo[] } };
}
