import { medianAtMost } from "../bars.ts";
import { residentMB } from "../memory.ts";
import { NotAvailable } from "../not-available.ts";
import type { Row } from "../row.ts";
import { createPrinter } from "../terminal/print.ts";
import { openShell } from "../terminal/shell.ts";
import { TEXTS } from "../terminal/texts.ts";
import { settled } from "../worker/settled.ts";
import { adopt } from "../adopt.ts";

const PRINTS = 8;
const EVERY_MS = 50;
const FILE = ".bench-memory";

/**
 * How much the agent grows while 130 MB pass through a terminal, over what it holds after the first 16: what grows
 * with the output is a leak or a queue without a bound.
 */
export const terminalMemory: Row = {
  name: "terminal-memory",
  title: "agent's growth while a terminal prints",
  async measure({ workers, signal, cleanup }) {
    if (process.platform !== "linux") throw new NotAvailable("resident memory is read from /proc");
    const idle = await workers.idle();
    const { pid } = idle.worker.agent;
    const shell = await adopt(cleanup, openShell(idle, "bench-memory", signal));
    const command = ["sh", "-c", `(${TEXTS.base64.script}) >"$HOME/${FILE}"`];
    await idle.worker.client.workspaces.exec({ name: idle.name, command }, { signal });
    const print = createPrinter(shell);
    await print(`~/${FILE}`, signal);
    await settled(pid, signal);
    const before = residentMB(pid);
    const grown: number[] = [];
    const sampling = setInterval(() => grown.push(Math.max(0, residentMB(pid) - before)), EVERY_MS);
    cleanup.defer(() => clearInterval(sampling));
    for (let count = 0; count < PRINTS; count += 1) await print(`~/${FILE}`, signal);
    return { unit: "MB", ours: grown, bar: medianAtMost(48, "MB") };
  },
};
