import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { every, medianAtLeast, ratioAtLeast } from "../bars.ts";
import { output } from "../commands.ts";
import { interleave, type Sampler } from "../harness.ts";
import type { Context, Row } from "../row.ts";
import type { Wetty } from "../peers/wetty.ts";
import { createPrinter } from "../terminal/print.ts";
import { openShell } from "../terminal/shell.ts";
import type { PrintedText } from "../terminal/texts.ts";
import { wettyShell } from "../terminal/wetty-shell.ts";
import type { IdleWorkspace } from "../worker/workers.ts";
import { adopt } from "../adopt.ts";

/**
 * A file of text through the terminal to a client of the browser's protocol, in decoded bytes, beside wetty whose shell
 * runs on this machine itself: what a terminal costs with everything that keeps a workspace apart.
 */
export function terminalOutput(text: PrintedText): Row {
  return {
    name: `terminal-output-${text.name}`,
    title: `terminal output, ${text.name}`,
    async measure(context) {
      const { peers, workers, cleanup, signal } = context;
      // First what may not be had at all.
      const wetty = await peers.wetty();
      const directory = await mkdtemp(join(tmpdir(), "ws-bench-"));
      cleanup.defer(() => rm(directory, { recursive: true, force: true }));
      const file = join(directory, "text");
      await output("sh", ["-c", `(${text.script}) >"$1"`, "sh", file], { signal });
      const measured = await measureRates(context, await workers.idle(), text, { wetty, file });
      return { ...measured, bar: every(ratioAtLeast(1), medianAtLeast(10, "MB/s")) };
    },
  };
}

/** The same beside wetty whose shell is `docker exec -it` in the same container: both print the same file from in there. */
export function terminalOutputInContainer(text: PrintedText): Row {
  return {
    name: `terminal-output-${text.name}-in-container`,
    title: `terminal output, ${text.name}, the peer in the container as well`,
    async measure(context) {
      const idle = await context.workers.idle();
      const wetty = await context.peers.wetty(idle.containerId);
      const measured = await measureRates(context, idle, text, { wetty });
      return { ...measured, bar: ratioAtLeast(1) };
    },
  };
}

async function measureRates(
  { signal, cleanup }: Context,
  idle: IdleWorkspace,
  text: PrintedText,
  // The file that the peer prints; without, the one in the workspace.
  { wetty, file }: { wetty: Wetty; file?: string },
) {
  const terminal = `bench-${text.name}`;
  const shell = await adopt(cleanup, openShell(idle, terminal, signal));
  const { stdout: inside } = await idle.worker.client.workspaces.exec(
    {
      name: idle.name,
      command: ["sh", "-c", `f=$HOME/.$1; (${text.script}) >"$f"; printf %s "$f"`, "sh", terminal],
    },
    { signal },
  );
  const samples = await interleave({
    ours: rate(createPrinter(shell), inside),
    peer: rate(createPrinter(await adopt(cleanup, wettyShell(wetty, signal))), file ?? inside),
    rounds: 6,
    warmups: 2,
    signal,
  });
  return {
    unit: "MB/s",
    better: "higher" as const,
    ours: samples.ours,
    peer: { name: wetty.name, samples: samples.peer },
  };
}

function rate(print: ReturnType<typeof createPrinter>, path: string): Sampler {
  return async (signal) => {
    const { bytes, ms } = await print(path, signal);
    return bytes / 1_000 / ms;
  };
}
