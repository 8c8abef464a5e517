import type { WorkspaceEvent } from "@ws/rpc-contract";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createFakeIo } from "../../testing/fake-io.ts";
import { aTask } from "../testing/show.tsx";
import { openSession } from "./session.ts";

/** A worker that answers nothing but what is pushed, and what it is. */
async function aWorker() {
  const directory = mkdtempSync(join(tmpdir(), "ws-session-"));
  const path = join(directory, "agent.sock");
  const worker = { path, isSilent: false, engineAvailable: true, asked: new EventEmitter() };
  const streams: ServerResponse[] = [];
  const server = createServer((request, response) => {
    const procedure = request.url?.split("?")[0] ?? "";
    response.on("close", () => worker.asked.emit(`${procedure} closed`));
    if (procedure === "/rpc/info" && !worker.isSilent) {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ json: { hostname: "desk", engineAvailable: worker.engineAvailable } }));
    } else if (procedure === "/rpc/workspaces/events") {
      response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      streams.push(response);
    }
    worker.asked.emit(procedure);
  }).listen(path);
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    rmSync(directory, { recursive: true });
  });
  return Object.assign(worker, {
    tell: (event: WorkspaceEvent) =>
      void streams.at(-1)?.write(`event: message\ndata: ${JSON.stringify({ json: event })}\n\n`),
    cut: () => void streams.at(-1)?.destroy(),
    open: (signal?: AbortSignal) => openSession(createFakeIo(), { kind: "socket", path }, signal),
  });
}

test("A session tells that the worker came back, and not that it was there at first", async () => {
  const worker = await aWorker();
  const opened = once(worker.asked, "/rpc/workspaces/events");
  using session = await worker.open();
  await opened;
  worker.tell({ type: "snapshot", workspaces: [] });
  worker.tell({ type: "tasks", tasks: [] });
  await expect.poll(session.workspaces.get).toEqual([]);
  expect(session.returns.get()).toBe(0);
  const again = once(worker.asked, "/rpc/workspaces/events");
  worker.cut();
  await again;
  worker.tell({ type: "snapshot", workspaces: [] });
  await expect.poll(session.returns.get).toBe(1);
  // What became of tasks is asked once more, after what was told of them meanwhile.
  worker.tell({ type: "tasks", tasks: [] });
  await expect.poll(session.returns.get).toBe(2);
});

test("Whatever was asked ends with its session", async () => {
  const worker = await aWorker();
  const session = await worker.open();
  const asked = once(worker.asked, "/rpc/workspaces/stop");
  const stopping = session.client.workspaces.stop({ name: "alpha" }).then(
    () => "stopped",
    () => "ended",
  );
  await asked;
  const closed = once(worker.asked, "/rpc/workspaces/stop closed");
  session[Symbol.dispose]();
  expect(await stopping).toBe("ended");
  await closed;
});

test("A worker that does not answer is not waited for any longer than it is wanted", async () => {
  const worker = await aWorker();
  worker.isSilent = true;
  const wanted = new AbortController();
  const asked = once(worker.asked, "/rpc/info");
  const opening = worker.open(wanted.signal);
  await asked;
  const closed = once(worker.asked, "/rpc/info closed");
  wanted.abort();
  await expect(opening).rejects.toThrow("aborted");
  await closed;
});

test("Whether the engine answers is asked again when the worker came back, and what is told of it counts more", async () => {
  const worker = await aWorker();
  worker.engineAvailable = false;
  const opened = once(worker.asked, "/rpc/workspaces/events");
  using session = await worker.open();
  await opened;
  expect(session.problem.get()).toBe("The worker's container engine does not answer.");
  worker.engineAvailable = true;
  worker.tell({ type: "snapshot", workspaces: [] });
  await expect.poll(session.problem.get).toBeUndefined();
  worker.tell({ type: "engine", available: false, message: "It is gone." });
  await expect.poll(session.problem.get).toBe("It is gone.");
});

test("Tasks that ended are not kept for ever, those that go on are, and a reason to ask for the others is told", async () => {
  const worker = await aWorker();
  const opened = once(worker.asked, "/rpc/workspaces/events");
  using session = await worker.open();
  await opened;
  worker.tell({ type: "tasks", tasks: [aTask("live")] });
  for (let at = 0; at <= 400; at += 1) {
    const changedAt = new Date(at * 1_000).toISOString();
    worker.tell({ type: "task", task: aTask(`t${at}`, { status: "completed", changedAt }) });
  }
  await expect.poll(() => session.returns.get()).toBe(1);
  const kept = [...session.tasks.get().keys()];
  expect([kept.length, kept[0], kept[1], kept.at(-1)]).toEqual([201, "task-live", "task-t201", "task-t400"]);
});

test("Of a workspace that is gone nothing is kept", async () => {
  const worker = await aWorker();
  const opened = once(worker.asked, "/rpc/workspaces/events");
  using session = await worker.open();
  await opened;
  worker.tell({ type: "terminal", id: "a" } as WorkspaceEvent);
  await expect.poll(() => session.terminalChanges.get().size).toBe(1);
  worker.tell({ type: "removed", id: "a" } as WorkspaceEvent);
  await expect.poll(() => session.terminalChanges.get().size).toBe(0);
});
