import { InvalidArgumentError, type Command } from "commander";
import type { Context } from "../context.ts";

export function registerDiscover(worker: Command, context: Context): void {
  worker
    .command("discover")
    .description("Look for workers among the machines of this device's tailnet.")
    .option("--port <port>", "the port that their agents answer on (default: 7391)", parsePort)
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExamples:\n  ws worker discover\n  ws worker discover --port 8000")
    .action(async (flags: { port?: number; json?: true }) => {
      const [{ findLocalApi }, { discoverWorkers }, { workersOf }] = await Promise.all([
        import("@ws/agent/tailscaled"),
        import("../tailnet/discover.ts"),
        import("../known-workers.ts"),
      ]);
      const api = findLocalApi(context.io.env["WS_TAILNET_SOCKET"] ?? "");
      const found = await discoverWorkers(api, { port: flags.port ?? 7391, known: workersOf(context.io.env).all });
      if (flags.json === true) return context.printJson(found);
      const [first] = found;
      if (first === undefined) return context.hint("No machine of this tailnet that is there now answers as a worker.");
      const rows = found.map(({ name, url, version, known }) => [name, url, version, known ?? "-"]);
      context.printTable(["NAME", "ADDRESS", "VERSION", "KNOWN AS"], rows);
      context.hint(
        `Use one: ws config set worker ${first.url}. Where it does not know you by the tailnet: ws pair ${first.url}`,
      );
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port > 0 && port < 65_536) return port;
  throw new InvalidArgumentError("Use a port between 1 and 65535.");
}
