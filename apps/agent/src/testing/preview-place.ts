import { once } from "node:events";
import { text } from "node:stream/consumers";
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { ByteChannel, WorkspacePort, WorkspaceRecord } from "@ws/workspace-core";
import { WsError } from "@ws/workspace-core";
import { onTestFinished } from "vitest";
import { LOCAL_ADMIN, type Caller } from "../access/caller.ts";
import { createThrottle } from "../access/throttle.ts";
import { createPreviews } from "../previews/previews.ts";
import { toWireError } from "../rpc/wire-errors.ts";
import { loopbackChannel } from "./loopback-channel.ts";

export interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Port 3000 of `demo` is what `connection` leads to, by default a server of this machine. */
export async function startPreviewPlace(connection: (() => Promise<ByteChannel>) | number) {
  const names = new Map([
    ["demo", "ws-1"],
    ["other", "ws-2"],
  ]);
  const state = {
    running: true,
    now: 0,
    isPrivate: true,
    domain: "",
    listening: [] as WorkspacePort[],
    refused: false,
  };
  const audit: string[] = [];
  const closing = new AbortController();
  const throttle = createThrottle({ monotonic: () => state.now });
  const previews = createPreviews({
    domain: () => state.domain,
    dashboard: () => "http://127.0.0.1:7391",
    isPrivate: () => state.isPrivate,
    workspaces: async () => ({
      policies: {
        demandExecute(name) {
          if (!names.has(name)) throw new WsError("workspace_not_found", { message: "none", data: { name } });
          if (state.refused) {
            const data = { command: "terminal", rule: "commands", setBy: "token" };
            throw new WsError("command_not_allowed", { message: "Not by this token.", data });
          }
        },
      },
      ports: {
        list: async () => state.listening,
        async connect(name) {
          if (!state.running) {
            throw new WsError("workspace_not_running", { message: "stopped", data: { name, status: "stopped" } });
          }
          return typeof connection === "number" ? loopbackChannel(connection) : connection();
        },
      },
    }),
    state: {
      workspaces: { getByName: (name: string) => asRecord(names.get(name)) } as never,
      audit: {
        append: ({ action, outcome }: { action: string; outcome: string }) => audit.push(`${action} ${outcome}`),
      } as never,
    },
    sessions: { use: () => undefined },
    throttle,
    report: (error) => toWireError(error, "incident-1", { clean: (text) => text, cleanLeaves: (value) => value }),
    clock: { monotonic: () => state.now, now: () => state.now },
    closing: closing.signal,
  });
  const server = createServer((request, response) => {
    if (previews.of(request) === undefined) response.end("the agent's own");
    else void previews.serve(request, response, "tcp");
  });
  server.on("upgrade", (request, socket: Socket, head) => {
    socket.on("error", () => undefined);
    void previews.upgrade(request, socket, head, "tcp");
  });
  const port = await listening(server);

  function ask(
    path: string,
    options: { method?: string; host?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Got> {
    const { method = "GET", host = HOST, headers = {}, body } = options;
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest({ port, path, method, agent: false, headers: { host, ...headers } }, (answer) => {
        let text = "";
        answer.setEncoding("latin1");
        answer.on("data", (chunk: string) => (text += chunk));
        answer.on("error", reject);
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  /** Spends a link of this caller's, as the page does; the value of the Cookie header. */
  async function enter(caller: Caller = LOCAL_ADMIN, workspace = "demo", at = 3000): Promise<string> {
    const { code } = await previews.open(caller, { workspace, port: at }, { secure: false });
    const answer = await spend(code, `${at}--${workspace}.localhost`);
    return (answer.headers["set-cookie"]?.[0] ?? "").split(";")[0] ?? "";
  }
  const spend = (code: string, host = HOST): Promise<Got> =>
    ask("/.ws/enter", {
      method: "POST",
      host,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code }),
    });

  return {
    previews,
    port,
    state,
    names,
    audit,
    throttle,
    closing,
    ask,
    spend,
    enter,
    /** A connection on which a test says what no client would. */
    dial(): Socket {
      const socket = connect({ port, host: "127.0.0.1" });
      socket.on("error", () => undefined);
      onTestFinished(() => void socket.destroy());
      return socket;
    },
  };
}

export const HOST = "3000--demo.localhost";

/** Until the end of the test. */
export async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

function asRecord(id: string | undefined): WorkspaceRecord | undefined {
  return id === undefined ? undefined : ({ id } as WorkspaceRecord);
}

/** Tells what it was asked, headers as they came. */
export function startEcho(): Promise<number> {
  return listening(
    createServer((request, response) => {
      void text(request).then((body) => {
        response.end(JSON.stringify({ url: request.url, raw: request.rawHeaders, body }));
      });
    }),
  );
}

/** Whoever this token stands for, until it is aborted. */
export function callerWith(token: AbortController): Caller {
  return { who: "laptop", scope: "write", token: { id: "tok-1", gone: token.signal } };
}

/** What such a server was told, by lower-case names. */
export function headersOf(told: string): Record<string, string> {
  const { raw } = JSON.parse(told) as { raw: string[] };
  return Object.fromEntries(
    raw.flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ""]] : [])),
  );
}

/** The text that came so far. */
export function collected(socket: NodeJS.ReadableStream): () => string {
  let all = "";
  socket.on("data", (chunk: Buffer) => (all += chunk.toString("latin1")));
  return () => all;
}
