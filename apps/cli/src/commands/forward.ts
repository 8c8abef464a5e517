import type { Command } from "commander";
import type { Socket } from "node:net";
import type { Context } from "../context.ts";
import { toCliError } from "../errors.ts";
import type { Forward } from "../forwarding/wanted-ports.ts";
import { printable } from "../output/printable.ts";

interface Flags {
  expose?: true;
  json?: true;
}

export function registerForward(program: Command, context: Context): void {
  program
    .command("forward")
    .description("Bring ports of a workspace to this machine, for as long as this runs.")
    .argument("<name>")
    .argument("[ports...]", "PORT, PORT:LOCAL or the name of a port; all that have a name where absent")
    .option("--expose", "listen for other machines too; they are asked for nothing")
    .option("--json", "print where each is as JSON once all are there")
    .addHelpText(
      "after",
      `
Examples:
  ws forward demo 3000             localhost:3000 is the workspace's port 3000
  ws forward demo 3000:8080 5432   the first at localhost:8080
  ws forward demo 3000:0           at a free port
  ws forward demo web              a port by its name; see ws ports

Ctrl-C ends it.`,
    )
    .action(async (name: string, words: string[], flags: Flags) => {
      const { client, target } = await context.connect();
      await client.workspaces.get({ name });
      const [{ wantedPorts }, { listenLocally }, { carryBytes }] = await Promise.all([
        import("../forwarding/wanted-ports.ts"),
        import("../forwarding/listen-locally.ts"),
        import("../sockets/carry-bytes.ts"),
      ]);
      const ports = await client.ports.list({ name });
      const tell = createTelling(context);
      const host = flags.expose === true ? "0.0.0.0" : "127.0.0.1";
      await using stack = new AsyncDisposableStack();
      const forwards: (Forward & { address: string })[] = [];
      for (const { port, local, label } of wantedPorts(name, words, ports)) {
        const path = `/connect/${encodeURIComponent(name)}/${port}`;
        const carry = async (socket: Socket, signal: AbortSignal): Promise<void> => {
          try {
            await carryBytes(target, path, { input: socket, output: socket, signal, opened: () => tell.well(port) });
          } catch (error) {
            // As if the port were this machine's own.
            socket.resetAndDestroy();
            tell.failed(port, toCliError(error).message);
          }
        };
        const listener = stack.use(
          await listenLocally({ host, port: local, retry: `ws forward ${name} ${port}:0` }, carry),
        );
        forwards.push({
          port,
          local: listener.port,
          address: listener.address,
          ...(label === undefined ? {} : { label }),
        });
      }
      if (context.json) context.printJson(forwards);
      else {
        for (const { address, port, label } of forwards) {
          context.print(`${address} is port ${port}${label === undefined ? "" : ` (${label})`} of ${name}`);
        }
      }
      const silent = forwards.filter(({ port }) => !ports.some((one) => one.port === port && one.listening));
      for (const { port } of silent) context.hint(`Nothing listens on port ${port} in '${name}' yet.`);
      if (flags.expose === true) context.hint("Whoever reaches this machine reaches them too.");
      await new Promise<void>((resolve) => stack.defer(context.io.onSignal(() => resolve())));
    });
}

/** A page that is loaded makes many connections, and each would say the same. */
function createTelling(context: Context): { well(port: number): void; failed(port: number, message: string): void } {
  const told = new Map<number, string>();
  return {
    well: (port) => void told.delete(port),
    failed(port, message) {
      if (told.get(port) === message) return;
      told.set(port, message);
      context.hint(printable(message));
    },
  };
}
