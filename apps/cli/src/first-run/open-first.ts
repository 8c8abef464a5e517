import type { Command } from "commander";
import type { Context } from "../context.ts";
import { findTarget, knowsNoWorker } from "../target.ts";

/** `ws` without words: all commands; on the terminal of a device that knows no worker, that first. */
export async function openFirst(context: Context, program: Command): Promise<void> {
  const { io } = context;
  const isTerminal = [io.stdin, io.stdout, io.stderr].every(({ isTTY }) => isTTY === true);
  if (isTerminal && knowsNoWorker(await findTarget(io.env, context.on), io.env)) {
    const { askWorker } = await import("./ask-worker.ts");
    await askWorker(context, "? Enter worker hostname: ");
  }
  program.outputHelp();
}
