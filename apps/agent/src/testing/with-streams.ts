import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createPolicy, type WorkspaceId, type WorkspaceRecord } from "@ws/workspace-core";
import { createManualClock, createMemoryStore, newRecord, toExecute } from "@ws/workspace-core/testing";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { Authenticator } from "../access/authenticate.ts";
import type { Caller } from "../access/caller.ts";
import { routeOf } from "../http/routes.ts";
import { createRedactor } from "../log/redact.ts";
import { createReport } from "../rpc/report.ts";
import type { AuditRecord } from "../store/audit.ts";
import { createCrowd } from "../ssh/crowd.ts";
import { createLentAgents } from "../ssh/lent.ts";
import { createStreams, type StreamsOptions } from "../streams.ts";
import { createFakeTerminals } from "./fake-terminals.ts";
import { createSilentLog } from "./silent-log.ts";
import { followSocket, type TestClient } from "./terminal-client.ts";

export const ATTACH = { type: "attach", cols: 80, rows: 24 };
export const START = { type: "start", command: ["id"] };

/** Sockets on a core that only tells what it was asked for. */
export async function setUp(who: Partial<Caller> = {}) {
  const store = createMemoryStore();
  const clock = createManualClock();
  const log = createSilentLog();
  const redactor = createRedactor();
  const terminals = createFakeTerminals();
  const asked: string[] = [];
  const ending = new AbortController();
  const caller: Caller = {
    who: "scoped",
    scope: "workspace",
    workspace: "ws-1",
    token: { id: "tok-1", gone: ending.signal },
    ...who,
  };
  const core: Awaited<ReturnType<StreamsOptions["workspaces"]>> = {
    policies: { demandExecute: (_name, what, layers) => createPolicy(layers).demand(toExecute(what)) },
    async run(name) {
      asked.push(`run ${name}`);
      throw new Error("boom");
    },
    enter: async () => Promise.reject(new Error("boom")),
    ports: {
      async connect(name, port) {
        asked.push(`connect ${name} ${port}`);
        throw new Error("boom");
      },
    },
    async terminals(name) {
      asked.push(`terminals ${name}`);
      return terminals;
    },
  };
  const authenticator: Authenticator = { check: () => ({ caller }) };
  const crowd = createCrowd();
  const audit: Omit<AuditRecord, "at">[] = [];
  const streams = createStreams({
    authenticator,
    sessions: { use: () => undefined },
    state: {
      workspaces: store,
      sshKeys: { of: () => undefined, live: () => [], set: () => undefined },
      audit: {
        append: (entry) => void audit.push(entry),
        begin: (begun) => (news) => void audit.push({ ...begun, ...news }),
        list: () => [],
      },
    },
    report: createReport({ log, redactor }),
    crowd,
    lent: createLentAgents(),
    hostKey: async () => ({ private: "", public: "" }),
    workspaces: async () => core,
    redactor,
    clock,
    log,
  });
  const sockets = await streams.sockets();
  const server = createServer();
  server.on("upgrade", (request, socket, head) => {
    const url = new URL(request.url ?? "", "http://localhost");
    sockets.upgrade(request, socket, head, {
      route: routeOf(url.pathname),
      url,
      peer: "127.0.0.1",
      ...(url.searchParams.has("stranger") ? {} : { caller }),
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    await streams[Symbol.asyncDispose]();
    server.close();
  });
  for (const [id, name] of [
    ["ws-1", "alpha"],
    ["ws-2", "beta"],
  ] as const) {
    store.insert(recordOf(id, name));
  }
  return {
    store,
    clock,
    log,
    redactor,
    terminals,
    core,
    asked,
    audit,
    streams,
    crowd,
    ending,
    async open(path: string): Promise<TestClient> {
      const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
      const client = followSocket(socket);
      await once(socket, "open");
      return client;
    },
  };
}

export function recordOf(id: WorkspaceId, name: string): WorkspaceRecord {
  return newRecord(name, { id, phase: "ready", power: "running" });
}
