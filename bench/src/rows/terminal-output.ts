import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { every, medianAtLeast, ratioAtLeast } from "../bars.ts";
import { output } from "../commands.ts";
import { interleave, type Sampler } from "../harness.ts";
import type { Row } from "../row.ts";
import { createPrinter } from "../terminal/print.ts";
import { openShell } from "../terminal/shell.ts";
import type { PrintedText } from "../terminal/texts.ts";
import { wettyShell } from "../terminal/wetty-shell.ts";
import { adopt } from "../adopt.ts";

/** A file of text through the terminal to a client of the browser's protocol, in decoded bytes. */
export function terminalOutput(text: PrintedText): Row {
  return {
    name: `terminal-output-${text.name}`,
    title: `terminal output, ${text.name}`,
    async measure({ workers, peers, signal, cleanup }) {
      const wetty = await peers.wetty();
      const idle = await workers.idle();
      const directory = await mkdtemp(join(tmpdir(), "ws-bench-"));
      cleanup.defer(() => rm(directory, { recursive: true, force: true }));
      const file = join(directory, "text");
      await output("sh", ["-c", `(${text.script}) >"$1"`, "sh", file], { signal });
      const shell = await adopt(cleanup, openShell(idle, `bench-${text.name}`, signal));
      const inside = `.bench-${text.name}`;
      await idle.worker.client.workspaces.exec(
        { name: idle.name, command: ["sh", "-c", `(${text.script}) >"$HOME/$1"`, "sh", inside] },
        { signal },
      );
      const samples = await interleave({
        ours: rate(createPrinter(shell), `~/${inside}`),
        peer: rate(createPrinter(await adopt(cleanup, wettyShell(wetty, signal))), file),
        rounds: 6,
        warmups: 2,
        signal,
      });
      return {
        unit: "MB/s",
        better: "higher",
        ours: samples.ours,
        peer: { name: wetty.name, samples: samples.peer },
        bar: every(ratioAtLeast(1), medianAtLeast(10, "MB/s")),
      };
    },
  };
}

function rate(print: ReturnType<typeof createPrinter>, path: string): Sampler {
  return async (signal) => {
    const { bytes, ms } = await print(path, signal);
    return bytes / 1_000 / ms;
  };
}
