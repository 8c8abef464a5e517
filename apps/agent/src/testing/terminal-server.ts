import { CLOSE } from "@ws/rpc-contract/frames";
import type { WsError } from "@ws/workspace-core";
import { createManualClock } from "@ws/workspace-core/testing";
import { onTestFinished } from "vitest";
import { createHubs } from "../terminals/hubs.ts";
import { keepAlive } from "../terminals/keep-alive.ts";
import { serveTerminal } from "../terminals/terminal-socket.ts";
import { createFakeTerminals } from "./fake-terminals.ts";
import { startSocketServer } from "./terminal-client.ts";

/** An agent with one workspace; a path of `/stranger` has said nothing about who it is. */
export async function startTerminalServer(options: { keepBytes?: number; durable?: boolean; fails?: WsError } = {}) {
  const terminals = createFakeTerminals(options.keepBytes ?? 8 * 1024 * 1024, options.durable);
  const clock = createManualClock();
  const hubs = createHubs(clock);
  const server = await startSocketServer((socket, path) => {
    keepAlive(socket, clock);
    serveTerminal({
      socket,
      workspace: () => "ws-1",
      report: ({ code, message }) => ({ code, message }),
      known: path !== "/stranger",
      authenticate(token) {
        if (token === "good") return undefined;
        return { close: token === "weak" ? CLOSE.forbidden : CLOSE.unauthorized, reason: "" };
      },
      async terminals() {
        if (options.fails !== undefined) throw options.fails;
        return terminals;
      },
      hubs,
      clock,
    });
  });
  onTestFinished(() => {
    server.close();
    hubs[Symbol.dispose]();
  });
  return { terminals, clock, hubs, connect: server.connect, port: server.port };
}

/** So many bytes in lines. */
export function text(length: number): string {
  return "0123456789abcde\n".repeat(Math.ceil(length / 16)).slice(0, length);
}
