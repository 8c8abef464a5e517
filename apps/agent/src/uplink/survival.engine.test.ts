import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TaskInfo } from "@ws/rpc-contract";
import { connectTerminal } from "@ws/rpc-contract/terminal-client";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { startLinkedProcesses } from "../testing/linked-processes.ts";

const FULL = process.env["WS_SOAK"] !== undefined;
const ROUNDS = FULL ? 10 : 1;
const TASKS = FULL ? 40 : 8;

/** A terminal through the hub that comes back by itself, and all that its program said. */
function follow(url: string, token: string) {
  const parts: Buffer[] = [];
  let tail = "";
  let painted = 0;
  const connection = connectTerminal({
    open: () => new WebSocket(url, { perMessageDeflate: false, headers: { authorization: `Bearer ${token}` } }),
    terminal: "count",
    create: true,
    size: () => ({ cols: 80, rows: 24 }),
    sink: {
      write(bytes, parsed) {
        parts.push(Buffer.from(bytes));
        tail = (tail + Buffer.from(bytes).toString("latin1")).slice(-200);
        parsed();
      },
      repaint(_bytes, parsed) {
        painted += 1;
        parsed();
      },
      reset() {},
      resized() {},
    },
    onState: () => undefined,
  });
  onTestFinished(() => connection.close());
  return { connection, painted: () => painted, tail: () => tail, text: () => Buffer.concat(parts).toString("latin1") };
}

test(
  "while hub and worker are killed and the way between them is cut, a terminal loses and doubles no byte and each task says all it had to say",
  { timeout: FULL ? 1_800_000 : 240_000 },
  async () => {
    const linked = await startLinkedProcesses();
    await linked.through().workspaces.create({ name: "alpha" });
    const url = `${linked.hub.at().url.replace("http", "ws")}/on/desk/terminal/alpha`;
    const terminal = follow(url, linked.token);
    const type = (text: string): Promise<void> =>
      expect.poll(() => terminal.connection.send(new TextEncoder().encode(text)), { timeout: 30_000 }).toBe(true);
    // The screen as it was is painted once; from there on bytes come.
    await expect.poll(terminal.painted, { timeout: 30_000 }).toBe(1);
    await type("stty -onlcr -echo; echo rea''dy; read go\r");
    await expect.poll(terminal.tail, { timeout: 30_000 }).toContain("ready\n");
    await type("\r");
    const stop = join(linked.worker.path, "stop");
    await type(
      `i=0; while [ ! -e '${stop}' ]; do printf '%015d\\n' $i; i=$((i + 1)); sleep 0.01; done; echo en''d $i\r`,
    );

    const tasks: TaskInfo[] = [];
    const say = (task: number): string =>
      `i=0; while [ $i -lt 40 ]; do echo "task ${task} line $i"; i=$((i + 1)); sleep 0.05; done`;
    for (let index = 0; index < TASKS; index += 1) {
      tasks.push(
        await linked.through().tasks.create({ name: "alpha", spec: { kind: "command", command: say(index) } }),
      );
    }

    const faults: (() => Promise<void> | void)[] = [
      linked.restartHub,
      linked.restartWorker,
      () => {
        linked.cable.cut();
        linked.cable.restore();
      },
      async () => {
        linked.cable.swallow();
        // What is on its way in both directions is lost with the connections.
        let before = -1;
        const isSilent = (): boolean => before === (before = terminal.text().length);
        await expect.poll(isSilent, { interval: 300 }).toBe(true);
        linked.cable.cut();
        linked.cable.restore();
      },
    ];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const fault of faults) {
        const so = terminal.text().length;
        // In the middle of it, or the proof is none.
        await expect.poll(() => terminal.text().length, { interval: 5, timeout: 60_000 }).toBeGreaterThan(so);
        await fault();
        await linked.whenThere();
      }
    }

    writeFileSync(stop, "");
    await expect.poll(terminal.tail, { timeout: 60_000 }).toMatch(/end \d+\n/);
    expect(terminal.painted()).toBe(1);
    const text = terminal.text();
    const [, lines] = /end (\d+)\n/.exec(text) ?? [];
    const counted = text.slice(text.indexOf("000000000000000\n"), text.lastIndexOf("end "));
    const expected = Array.from({ length: Number(lines) }, (_, line) => `${String(line).padStart(15, "0")}\n`).join("");
    expect(Number(lines)).toBeGreaterThan(50);
    expect(counted === expected).toBe(true);

    const client = linked.through();
    for (const [index, { id }] of tasks.entries()) {
      await expect
        .poll(async () => (await client.tasks.get({ task: id })).status, { timeout: 60_000 })
        .toBe("completed");
      let said = "";
      for await (const part of await client.tasks.output({ task: id })) said += part.text;
      expect(said).toBe(Array.from({ length: 40 }, (_, line) => `task ${index} line ${line}\n`).join(""));
    }
  },
);
