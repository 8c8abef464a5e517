import xterm from "@xterm/headless";
import { p95AtMost } from "../bars.ts";
import { interleave } from "../harness.ts";
import type { Row } from "../row.ts";
import { createPrinter } from "../terminal/print.ts";
import { attach } from "../terminal/terminal-client.ts";
import type { IdleWorkspace } from "../worker/workers.ts";

const TERMINAL = "bench-reconnect";
const LAST = "the last line on the screen";
const NUMBERS = 200_000;
const CUT_AFTER = 150_000;

/** From opening a connection to a full screen drawn by xterm, with thousands of lines behind it. */
export const terminalReconnect: Row = {
  name: "terminal-reconnect",
  title: "reconnect to painted screen",
  async measure({ workers, signal }) {
    const idle = await workers.idle();
    await resumeExactly(idle, signal);
    using first = await attach(idle.worker, idle.name, { terminal: TERMINAL, signal });
    const printer = createPrinter({ write: first.write, onOutput: first.onBytes });
    await printer("/dev/null; seq -f 'line %.0f of a long scrollback' 5000", signal);
    await printer(`/dev/null; echo ${LAST}`, signal);
    const samples = await interleave({ ours: () => paint(idle, signal), rounds: 40, warmups: 3, signal });
    return { unit: "ms", ours: samples.ours, bar: p95AtMost(100, "ms") };
  },
};

async function paint({ worker, name }: IdleWorkspace, signal: AbortSignal): Promise<number> {
  const screen = new xterm.Terminal({ cols: 120, rows: 40, allowProposedApi: true });
  const began = performance.now();
  using client = await attach(worker, name, { terminal: TERMINAL, signal });
  const drawn = Promise.withResolvers<number>();
  client.onBytes((bytes) => {
    screen.write(bytes, () => {
      if (linesOf(screen).includes(LAST)) drawn.resolve(performance.now() - began);
    });
  });
  const ms = await Promise.race([drawn.promise, client.closed]);
  screen.dispose();
  return ms;
}

function linesOf({ buffer: { active }, rows }: xterm.Terminal): string[] {
  return Array.from({ length: rows }, (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? "");
}

/** The promise behind the speed: a client that is cut off again and again gets every byte, once. Throws otherwise. */
async function resumeExactly({ worker, name }: IdleWorkspace, signal: AbortSignal): Promise<void> {
  const expected = `${Array.from({ length: NUMBERS }, (_, index) => index + 1).join("\r\n")}\r\n`;
  const command = ["sh", "-c", `read go; seq ${NUMBERS}; read go`];
  const parts: Buffer[] = [];
  let received = 0;
  let since = 0;
  for (let round = 0; received < expected.length; round += 1) {
    using client = await attach(worker, name, {
      terminal: "bench-resume",
      command,
      signal,
      ...(round === 0 ? {} : { since }),
    });
    const enough = Promise.withResolvers<void>();
    const goal = received + CUT_AFTER;
    let asked = round > 0;
    client.onBytes((bytes, painted) => {
      // Before anything was printed there is the echo of our own Enter.
      if (painted || !asked) return;
      parts.push(bytes);
      received += bytes.length;
      if (received >= Math.min(goal, expected.length)) enough.resolve();
    });
    if (!asked) {
      client.write("\r");
      asked = true;
    }
    await Promise.race([enough.promise, client.closed]);
    since = client.offset;
  }
  const got = Buffer.concat(parts).toString().replace(/^\r\n/, "");
  if (!got.startsWith(expected.slice(0, got.length))) throw new Error("A resumed terminal lost or doubled bytes.");
}
