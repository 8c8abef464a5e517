import { createTerminals, type WorkspaceId } from "@ws/workspace-core";
import { WebSocketServer } from "ws";
import type { AddressInfo } from "node:net";
import { createSystemClock } from "../system/clock.ts";
import { createHubs } from "../terminals/hubs.ts";
import { keepAlive } from "../terminals/keep-alive.ts";
import { serveTerminal } from "../terminals/terminal-socket.ts";
import { dockerRuntime } from "./terminal-place.ts";

// A program of its own, so that a test can kill it as an agent is killed. Arguments: instance, workspace.
const [instance = "", id = ""] = process.argv.slice(2);
const clock = createSystemClock();
const hubs = createHubs(clock);
const box = await dockerRuntime(instance).open(id as WorkspaceId);
const terminals = await createTerminals(box, { clock });
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false, maxPayload: 1024 * 1024 });
server.on("connection", (socket) => {
  keepAlive(socket, clock);
  serveTerminal({
    socket,
    workspace: () => id,
    report: ({ code, message }) => ({ code, message }),
    known: true,
    authenticate: () => undefined,
    terminals: async () => ({
      ...terminals,
      titled: () => undefined,
      open: (request) => terminals.open({ argv: ["bash", "--norc"], ...request }),
    }),
    hubs,
    clock,
  });
});
server.on("listening", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
