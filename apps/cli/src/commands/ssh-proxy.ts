import type { Command } from "commander";
import type { Context } from "../context.ts";
import { written } from "../output/written.ts";

export function registerSshProxy(program: Command, context: Context): void {
  program
    .command("ssh-proxy")
    .description("Carry an SSH connection to a workspace; SSH's own client calls it.")
    .argument("<host>", "NAME.ws or NAME.WORKER.ws")
    .addHelpText(
      "after",
      "\nExample:\n  ssh -o ProxyCommand='ws ssh-proxy %n' demo.ws\n\nWhat sets that up: ws ssh-config",
    )
    .action(async (host: string) => {
      const [{ parseHost }, { reachHost }, { carryBytes }] = await Promise.all([
        import("../ssh/host-names.ts"),
        import("../ssh/reach.ts"),
        import("../sockets/carry-bytes.ts"),
      ]);
      const { workspace, worker } = parseHost(host);
      const { stdin, stdout } = context.io;
      const leaving = new AbortController();
      const off = context.io.onSignal(() => leaving.abort());
      try {
        const target = await reachHost(context.io.env, { worker, on: context.on });
        await carryBytes(target, `/ssh/${encodeURIComponent(workspace)}`, {
          input: stdin,
          output: stdout,
          signal: leaving.signal,
        });
        await written(stdout, "");
      } finally {
        off();
        // An unread pipe would keep the process alive.
        stdin.destroy();
      }
    });
}
