import { styleText } from "node:util";
import type { Command } from "commander";
import type { DoctorCheck } from "@ws/rpc-contract";
import type { Context } from "../context.ts";
import { EXIT, toCliError } from "../errors.ts";
import { widthOf, wrap } from "../output/wrap.ts";
import { given } from "../given.ts";

const MARKS = { ok: ["✓", "green"], warn: ["!", "yellow"], fail: ["✗", "red"] } as const;

export function registerDoctor(program: Command, context: Context): void {
  program
    .command("doctor")
    .description("Check the worker: what works, what does not, and what to do about it.")
    .option("--json", "print the checks as JSON")
    .addHelpText("after", "\nExample:\n  ws doctor\n\nExits with 1 where a check failed.")
    .action(async (flags: { json?: true }) => {
      const checks = await collect(context);
      if (flags.json === true) context.printJson(checks);
      else for (const check of checks) show(context, check);
      if (checks.some(({ status }) => status === "fail")) context.exitCode = EXIT.failed;
    });
}

/** An agent that does not answer is a finding, not the end of the examination. */
async function collect(context: Context): Promise<DoctorCheck[]> {
  const node: DoctorCheck = { id: "node", title: "Node", status: "ok", message: process.version };
  try {
    const { client } = await context.connect();
    return [node, ...(await client.doctor())];
  } catch (error) {
    const { message, next } = toCliError(error);
    return [node, { id: "agent", title: "Agent", status: "fail", message, ...given({ next }) }];
  }
}

function show({ io, print, asCalled }: Context, { status, title, message, next }: DoctorCheck): void {
  const [mark, colour] = MARKS[status];
  // styleText leaves colours out by itself where the stream is no terminal or NO_COLOR is set.
  const width = widthOf(io);
  const [first = "", ...more] = wrap(`${mark} ${title}: ${message}`, width, 4).slice(mark.length).split("\n");
  print([`${styleText(colour, mark, { stream: io.stdout })}${first}`, ...more].join("\n"));
  if (next !== undefined) print(wrap(`    ${asCalled(next)}`, width, 4));
}
