import type { WorkspacePort } from "@ws/rpc-contract";
import { InvalidArgumentError, type Command } from "commander";
import type { Context } from "../context.ts";
import { withFormat } from "../output/format.ts";

interface Naming {
  port: number;
  label: string;
  local?: number;
}

export function registerPorts(program: Command, context: Context): void {
  withFormat(
    program
      .command("ports")
      .description("What listens in a workspace, and what its ports are called.")
      .argument("<name>")
      .argument("[names...]", "PORT=LABEL, or PORT:LOCAL=LABEL for another port of this machine", collectNaming)
      .option("--remove <label>", "take a name away; repeat for more", collect),
  )
    .addHelpText(
      "after",
      `
Examples:
  ws ports demo
  ws ports demo 3000=web 5432=db
  ws ports demo 3000:8080=web     forwarded to localhost:8080
  ws ports demo --remove db

Bring them here: ws forward demo web`,
    )
    .action(async (name: string, names: Naming[] = [], { remove = [] }: { remove?: string[] }) => {
      const { client } = await context.connect();
      let ports = await client.ports.list({ name });
      if (names.length > 0 || remove.length > 0) {
        const kept = ports.flatMap(({ port, label, local }) =>
          label === undefined || remove.includes(label) || names.some((one) => one.port === port || one.label === label)
            ? []
            : [{ port, label, ...(local === undefined ? {} : { local }) }],
        );
        const strangers = remove.filter((label) => !ports.some((port) => port.label === label));
        ports = await client.ports.set({ name, ports: [...kept, ...names] });
        for (const label of strangers) context.hint(`No port of '${name}' was called '${label}'.`);
      }
      if (context.json) return context.printJson(ports);
      if (ports.length === 0) return context.hint(`Nothing listens in '${name}', and no port of it has a name.`);
      context.printTable(["PORT", "NAME", "STATE", "ADDRESS", "PROGRAM"], ports.map(rowOf));
    });
}

function rowOf({ port, label = "-", local, listening, addresses = [], program = "-" }: WorkspacePort): string[] {
  const here = local === undefined ? "" : ` (here ${local})`;
  return [`${port}${here}`, label, listening ? "listening" : "free", addresses.join(", ") || "-", program];
}

function collect(label: string, all?: string[]): string[] {
  return [...(all ?? []), label];
}

function collectNaming(text: string, all: Naming[] = []): Naming[] {
  const [, port, local, label = ""] = /^(\d{1,5})(?::(\d{1,5}))?=([a-z0-9-]+)$/.exec(text) ?? [];
  if (port === undefined) throw new InvalidArgumentError("Use PORT=LABEL, such as 3000=web.");
  return [...all, { port: Number(port), label, ...(local === undefined ? {} : { local: Number(local) }) }];
}
