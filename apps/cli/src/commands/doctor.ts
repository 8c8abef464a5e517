import { styleText } from "node:util";
import type { Command } from "commander";
import type { DoctorCheck } from "@ws/rpc-contract";
import { configDirectory, socketPath } from "@ws/agent/paths";
import { connectAgent, type AgentConnection } from "../agent-connection.ts";
import type { Context } from "../context.ts";
import { EXIT, toCliError } from "../errors.ts";
import { widthOf, wrap } from "../output/wrap.ts";
import { given } from "../given.ts";
import { bytesText } from "../output/workspace.ts";
import { at, onlyHere, told } from "../own-worker.ts";
import { findTarget } from "../target.ts";

const MARKS = { ok: ["✓", "green"], warn: ["!", "yellow"], fail: ["✗", "red"] } as const;

export function registerDoctor(program: Command, context: Context): void {
  program
    .command("doctor")
    .description("Check the worker: what works, what does not, and what to do about it.")
    .option("--bundle <file>", "write what somebody else needs to see what is wrong into a file, without secrets")
    .option("--json", "print the checks, or what is in the file, as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ws doctor
  ws doctor --bundle worker.txt

Exits with 1 where a check failed; with --bundle only where the file cannot be written.`,
    )
    .action(async (flags: { bundle?: string; json?: true }) => {
      if (flags.bundle !== undefined) return bundle(context, flags.bundle);
      const checks = await collect(context, () => context.connect(), await isOwn(context));
      if (flags.json === true) context.printJson(checks);
      else for (const check of checks) show(context, check);
      if (checks.some(({ status }) => status === "fail")) context.exitCode = EXIT.failed;
    });
}

/** What is in it is told first, so that whoever sends it on knows; the worker's agent need not run. */
async function bundle(context: Context, name: string): Promise<void> {
  onlyHere(context, "A bundle is made on the worker itself.");
  const { collectBundle, requireFree, writeBundle } = await import("@ws/agent/bundle");
  const file = at(context, name);
  await told(() => requireFree(file));
  const { env } = context.io;
  const configDir = configDirectory(env);
  const own = { kind: "socket", path: socketPath(configDir) } as const;
  const checks = await collect(context, () => connectAgent(context.io, own), true);
  const parts = await told(() => collectBundle({ configDir, checks, env }));
  const listed = parts.map(({ name: part, what, text }) => ({ name: part, bytes: Buffer.byteLength(text), what }));
  if (!context.json) {
    const rows = listed.map((part) => [part.name, bytesText(part.bytes), part.what]);
    context.printTable(["PART", "SIZE", "WHAT"], rows);
  }
  const bytes = await told(() => writeBundle(file, parts));
  if (context.json) return context.printJson({ file, bytes, parts: listed });
  context.print(`${file}  ${bytesText(bytes)}`);
  context.hint("Names, paths and addresses are in it: read it before you send it to anybody.");
}

/** An agent that does not answer is a finding, not the end of the examination: where it is this machine's, the rest is looked at without it. */
async function collect(
  { io }: Context,
  connect: () => Promise<AgentConnection>,
  isHere: boolean,
): Promise<DoctorCheck[]> {
  const node: DoctorCheck = { id: "node", title: "Node", status: "ok", message: process.version };
  try {
    const { client } = await connect();
    return [node, ...(await client.doctor())];
  } catch (error) {
    const { message, next } = toCliError(error);
    const agent: DoctorCheck = { id: "agent", title: "Agent", status: "fail", message, ...given({ next }) };
    if (!isHere) return [node, agent];
    const { runWithoutAgent } = await import("@ws/agent/doctor");
    return [node, agent, ...(await runWithoutAgent(configDirectory(io.env), io.env))];
  }
}

/** Whether commands are for this machine's own agent. */
async function isOwn({ io, on }: Context): Promise<boolean> {
  // What is wrong with the words that name another is told when that is asked.
  const target = await findTarget(io.env, on).catch(() => undefined);
  return target?.kind === "socket" && target.on === undefined;
}

function show({ io, print, asCalled }: Context, { status, title, message, next }: DoctorCheck): void {
  const [mark, colour] = MARKS[status];
  // styleText leaves colours out by itself where the stream is no terminal or NO_COLOR is set.
  const width = widthOf(io);
  const [first = "", ...more] = wrap(`${mark} ${title}: ${message}`, width, 4).slice(mark.length).split("\n");
  print([`${styleText(colour, mark, { stream: io.stdout })}${first}`, ...more].join("\n"));
  if (next !== undefined) print(wrap(`    ${asCalled(next)}`, width, 4));
}
