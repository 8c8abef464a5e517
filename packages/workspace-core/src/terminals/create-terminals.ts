import type { Box, Clock, Terminals } from "../ports.ts";
import { PROBE } from "./holder-scripts.ts";
import { createPtyTerminals } from "./pty-terminals.ts";
import { runScript } from "../in-place/run-script.ts";
import { createTmuxTerminals } from "./tmux-terminals.ts";

export interface TerminalsOptions {
  clock: Pick<Clock, "now" | "sleep">;
  /** What a terminal's log keeps at least, in bytes; 8 MiB where absent. */
  keepBytes?: number;
}

/** File systems where `tail` is told of changes; elsewhere it has to look. */
const TELLING = new Set(["ext2/ext3", "xfs", "btrfs", "tmpfs", "zfs", "f2fs"]);

/**
 * The terminals of a place: held by tmux where the place has it, 3.2 or later, and a file system that gives back the
 * front of a file; otherwise they end with the Box, and `durable` says so.
 */
export async function createTerminals(box: Box, options: TerminalsOptions): Promise<Terminals> {
  const { clock, keepBytes = 8 * 1024 * 1024 } = options;
  const directory = `${box.home}/.local/state/ws/terminals`;
  const [answer, kind = ""] = (await runScript(box, PROBE, [directory], { clock })).trim().split(" ");
  if (answer !== "ok") return createPtyTerminals(box, { clock, keepBytes });
  return createTmuxTerminals(box, { directory, keepBytes, clock, interval: TELLING.has(kind) ? "1" : "0.02" });
}
