import type { Command } from "commander";
import type { Context } from "../context.ts";
import { findTarget, knowsNoWorker } from "../target.ts";

/**
 * `ws` without words: the screens, on the terminal of a device that knows no worker after that was asked for. All commands
 * where there is no terminal, or one that cannot show them.
 */
export async function openFirst(context: Context, program: Command): Promise<void> {
  const { io } = context;
  if (![io.stdin, io.stdout, io.stderr].every(({ isTTY }) => isTTY === true)) return program.outputHelp();
  if (knowsNoWorker(await findTarget(io.env, context.on), io.env)) {
    const { askWorker } = await import("./ask-worker.ts");
    await askWorker(context, "? Enter worker hostname: ");
  }
  const { TERM = "dumb" } = io.env;
  if (TERM === "dumb") return program.outputHelp();
  const { openTui } = await import("../tui/open-tui.ts");
  await openTui(context);
}
