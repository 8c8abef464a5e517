import { ORPCError } from "@orpc/client";
import type { WorkspaceEvent } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { createConnection } from "@ws/rpc-contract/connection";
import { manualTimers } from "@ws/rpc-contract/testing";
import { taskFixture } from "../testing/task-fixture.ts";
import { workspaceFixture } from "../testing/workspace-fixture.ts";
import { createLive } from "./live.ts";
import { applyEvent, emptyLiveState, lost } from "./workspaces.ts";

const older = workspaceFixture({ id: "ws-1", name: "older", created: "2026-11-01T10:00:00.000Z" });
const newer = workspaceFixture({ id: "ws-2", name: "newer", created: "2026-11-02T10:00:00.000Z" });
const snapshot = { type: "snapshot" as const, workspaces: [older, newer] } satisfies WorkspaceEvent;

/** A server whose streams a test feeds and cuts. */
function fakeServer() {
  type Stream = { send(event: WorkspaceEvent): void; cut(error?: Error): void; signal: AbortSignal };
  const streams: Stream[] = [];
  const opened: (() => void)[] = [];
  let refusal: Error | undefined;
  return {
    streams,
    refuse: (error: Error | undefined) => void (refusal = error),
    attempts: 0,
    async open(this: { attempts: number }, signal: AbortSignal): Promise<AsyncIterable<WorkspaceEvent>> {
      this.attempts += 1;
      if (refusal !== undefined) throw refusal;
      const { readable, writable } = new TransformStream<WorkspaceEvent, WorkspaceEvent>(
        {},
        { highWaterMark: 100 },
        { highWaterMark: 100 },
      );
      const writer = writable.getWriter();
      streams.push({
        send: (event) => void writer.write(event),
        cut: (error) => void (error === undefined ? writer.close() : writer.abort(error)),
        signal,
      });
      for (const resolve of opened.splice(0)) resolve();
      return readable;
    },
    opened: () => new Promise<void>((resolve) => opened.push(resolve)),
  };
}

function setup() {
  const server = fakeServer();
  const timers = manualTimers();
  const connection = createConnection({ timers, random: () => 0.5 });
  const live = createLive({ open: (signal) => server.open(signal), connection });
  const changed = () =>
    new Promise<void>((resolve) => {
      const leave = live.workspaces.subscribe(() => {
        leave();
        resolve();
      });
    });
  return { server, timers, connection, live, changed };
}

test("A snapshot fills the list, newest first, and later changes replace their own row", async () => {
  const { server, live, changed } = setup();
  live.start();
  await Promise.resolve();
  let next = changed();
  server.streams[0]?.send(snapshot);
  await next;
  expect(live.workspaces.state().connection).toBe("live");
  expect(live.workspaces.state().workspaces?.map((workspace) => workspace.name)).toEqual(["newer", "older"]);
  next = changed();
  server.streams[0]?.send({ type: "changed", workspace: { ...older, status: "stopped" } });
  await next;
  expect(live.workspaces.state().workspaces?.map((workspace) => workspace.status)).toEqual(["running", "stopped"]);
  live.stop();
});

test("After a loss the last known list stays, marked as reconnecting, until the next snapshot", async () => {
  const { server, timers, live, changed } = setup();
  live.start();
  await Promise.resolve();
  let next = changed();
  server.streams[0]?.send(snapshot);
  await next;
  next = changed();
  server.streams[0]?.cut(new TypeError("network error"));
  await next;
  expect(live.workspaces.state().connection).toBe("reconnecting");
  expect(live.workspaces.state().workspaces).toHaveLength(2);

  const opened = server.opened();
  timers.advance(2000);
  await opened;
  next = changed();
  server.streams[1]?.send({ type: "snapshot", workspaces: [newer] });
  await next;
  expect(live.workspaces.state()).toMatchObject({ connection: "live", workspaces: [{ name: "newer" }] });
  live.stop();
});

test("Tasks come by the same stream, stay over a loss, and tell nothing to those who follow the workspaces", async () => {
  const { server, timers, live, changed } = setup();
  let told = 0;
  const tasks = () => [...(live.tasks.state().tasks?.values() ?? [])].map(({ id, status }) => [id, status]);
  live.start();
  await Promise.resolve();
  const listed = changed();
  server.streams[0]?.send(snapshot);
  await listed;
  live.workspaces.subscribe(() => (told += 1));
  server.streams[0]?.send({ type: "tasks", tasks: [taskFixture({ id: "task-1" })] });
  server.streams[0]?.send({ type: "task", task: taskFixture({ id: "task-2", status: "running" }) });
  await expect.poll(tasks).toEqual([
    ["task-1", "pending"],
    ["task-2", "running"],
  ]);
  expect(told).toBe(0);
  live.tasks.know(taskFixture({ id: "task-3" }));
  expect(tasks()).toHaveLength(3);

  server.streams[0]?.cut(new TypeError("network error"));
  await expect.poll(() => live.workspaces.state().connection).toBe("reconnecting");
  expect(tasks()).toHaveLength(3);
  const opened = server.opened();
  timers.advance(2000);
  await opened;
  server.streams[1]?.send({ type: "tasks", tasks: [taskFixture({ id: "task-2" })] });
  await expect.poll(() => live.tasks.state().snapshots).toBe(2);
  expect(tasks()).toEqual([["task-2", "pending"]]);
  live.stop();
});

test("It keeps trying for as long as nothing answers, and a nudge ends the wait", async () => {
  const { server, timers, connection, live, changed } = setup();
  server.refuse(new TypeError("Failed to fetch"));
  live.start();
  for (let round = 0; round < 50; round += 1) {
    await changed();
    // Long enough for the next attempt, and too short for that to be given up.
    timers.advance(1_500);
  }
  expect(server.attempts).toBeGreaterThanOrEqual(50);
  await changed();
  server.refuse(undefined);
  const opened = server.opened();
  connection.retryNow();
  await opened;
  live.stop();
});

test("A refused token ends the attempts: the session has ended as well", async () => {
  const { server, timers, live } = setup();
  server.refuse(new ORPCError("UNAUTHORIZED", { status: 401 }));
  live.start();
  await new Promise<void>((resolve) => setImmediate(resolve));
  timers.advance(100_000);
  expect(server.attempts).toBe(1);
});

test("It keeps trying for a worker that its hub does not reach, or does not know until it is added again", async () => {
  const { server, timers, live, connection, changed } = setup();
  for (const [status, code] of [
    [412, "worker_offline"],
    [404, "worker_not_found"],
  ] as const) {
    server.refuse(new ORPCError("ANY", { status, data: { code } }));
    live.start();
    for (let round = 0; round < 5; round += 1) {
      await changed();
      timers.advance(10_000);
    }
    await changed();
    expect(connection.state()).toMatchObject({ kind: "down", problem: { code } });
    live.stop();
  }
  server.refuse(undefined);
  const opened = server.opened();
  live.start();
  await opened;
  live.stop();
});

test("Stopping aborts the stream and leaves no timer behind", async () => {
  const { server, timers, live } = setup();
  live.start();
  await Promise.resolve();
  live.stop();
  expect(server.streams[0]?.signal.aborted).toBe(true);
  expect(timers.pending()).toBe(0);
});

test("Progress is kept by workspace and goes once the workspace is no longer creating", () => {
  const creating = workspaceFixture({ status: "creating" });
  let state = applyEvent(emptyLiveState, { type: "snapshot", workspaces: [creating] });
  state = applyEvent(state, {
    type: "progress",
    id: "ws-1",
    name: "demo",
    step: "clone",
    message: "42 %",
    percent: 42,
  });
  expect(state.progress.get("ws-1")).toEqual({ step: "clone", message: "42 %", percent: 42 });
  state = applyEvent(state, { type: "changed", workspace: creating });
  expect(state.progress.size).toBe(1);
  state = applyEvent(state, { type: "changed", workspace: workspaceFixture() });
  expect(state.progress.size).toBe(0);
});

test("A removed workspace leaves the list, and the engine's state is kept", () => {
  let state = applyEvent(emptyLiveState, snapshot);
  state = applyEvent(state, { type: "removed", id: "ws-1", name: "older" });
  state = applyEvent(state, { type: "engine", available: false, message: "Docker does not answer." });
  expect(state.workspaces?.map((workspace) => workspace.id)).toEqual(["ws-2"]);
  expect(state.engine).toEqual({ available: false, message: "Docker does not answer." });
});

test("What the engine was told of before the stream was lost is not held for what it is after", () => {
  let state = applyEvent(applyEvent(emptyLiveState, snapshot), { type: "engine", available: false });
  expect([state.engine, state.snapshots]).toEqual([{ available: false }, 1]);
  state = applyEvent(lost(state), snapshot);
  expect([state.engine, state.snapshots]).toEqual([undefined, 2]);
});

test("Each host that a workspace is refused is counted for it, and a snapshot counts for all", () => {
  let state = applyEvent(emptyLiveState, snapshot);
  state = applyEvent(state, { type: "egress_refused", id: "ws-1", name: "older", host: "example.com", port: 443 });
  expect([state.refusals.get("ws-1"), state.refusals.get("ws-2")]).toEqual([2, 1]);
});

test("Each change of its credentials is counted for a workspace", () => {
  let state = applyEvent(emptyLiveState, snapshot);
  for (let times = 0; times < 2; times += 1)
    state = applyEvent(state, { type: "credentials", id: "ws-1", name: "older" });
  state = applyEvent(state, snapshot);
  expect([state.credentials.get("ws-1"), state.credentials.get("ws-2")]).toEqual([2, undefined]);
});

test("Each terminal that opens or ends is counted for its workspace, and a snapshot counts for all: something may have been missed", () => {
  let state = applyEvent(emptyLiveState, snapshot);
  const counts = () => [state.terminals.get("ws-1"), state.terminals.get("ws-2")];
  expect(counts()).toEqual([1, 1]);
  const event = { type: "terminal", id: "ws-1", name: "older", terminal: "main" } as const;
  state = applyEvent(state, { ...event, change: "opened" });
  state = applyEvent(state, { ...event, change: "ended" });
  expect(counts()).toEqual([3, 1]);
  state = applyEvent(state, snapshot);
  expect(counts()).toEqual([4, 2]);
});

test("A snapshot leaves those that are as they were the same objects, so that nobody shows them anew", () => {
  const before = applyEvent(emptyLiveState, structuredClone(snapshot));
  const after = applyEvent(before, {
    type: "snapshot",
    workspaces: [structuredClone(older), { ...structuredClone(newer), status: "stopped" }],
  });
  expect(after.workspaces?.[0]).toMatchObject({ name: "newer", status: "stopped" });
  expect(after.workspaces?.[1]).toBe(before.workspaces?.[1]);
});
