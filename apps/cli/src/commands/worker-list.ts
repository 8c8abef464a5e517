import type { Command } from "commander";
import type { Context } from "../context.ts";
import { printable } from "../output/printable.ts";
import { ago } from "../output/workspace.ts";
import type { ListedWorker } from "../workers/list-workers.ts";

const COLUMNS = ["NAME", "VIA", "STATE", "SEEN", "WORKSPACES", "TASKS", "MAY", "HOST", "VERSION"];

export function registerWorkerList(worker: Command, context: Context): void {
  worker
    .command("list")
    .alias("ls")
    .description(
      "List the workers of this device, and those behind the one that commands are for, also those that are away.",
    )
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  ws worker list")
    .action(async (flags: { json?: true }) => {
      const { listWorkers } = await import("../workers/list-workers.ts");
      const workers = await listWorkers(context);
      if (flags.json === true) return context.printJson(workers);
      if (workers.length === 0) return context.hint("No workers beside this one. Add one: ws worker add NAME");
      context.printTable(COLUMNS, workers.map(rowOf));
      for (const { name, problem } of workers)
        if (problem !== undefined) context.hint(`${name}: ${printable(problem)}`);
    });
}

function rowOf(worker: ListedWorker): string[] {
  const { name, via, current, state, lastSeen, workspaces, running, tasks, grant, hostname, version } = worker;
  const seen = state === "online" ? "now" : lastSeen === undefined ? "never" : ago(lastSeen);
  const share = running === undefined ? String(workspaces) : `${running}/${workspaces}`;
  return [
    current === true ? `${name} (in use)` : name,
    via,
    state,
    // This device keeps no such time.
    state !== "online" && worker.url !== undefined ? "-" : seen,
    workspaces === undefined ? "-" : share,
    tasks === undefined ? "-" : String(tasks),
    grant ?? "-",
    hostname ?? "-",
    version ?? "-",
  ];
}
