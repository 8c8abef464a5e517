import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TaskInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { expect, test } from "vitest";
import { createKillableWorker } from "../testing/killable-worker.ts";

const FULL = process.env["WS_SOAK"] !== undefined;
const SIZE = FULL ? { workspaces: 10, tasks: 330, kills: 20 } : { workspaces: 2, tasks: 16, kills: 3 };
const LINES = FULL ? 20 : 8;

/** Says lines that are known beforehand, slowly, and leaves a mark of each time it began. */
function program(index: number, marks: string): string {
  const say = `i=0; while [ $i -lt ${LINES} ]; do echo "task ${index} line $i"; i=$((i + 1)); sleep 0.05; done`;
  return `echo ${index} >> '${marks}'; ${say}; exit ${index % 5 === 4 ? 3 : 0}`;
}

async function saidBy(client: AgentClient, { id }: TaskInfo): Promise<string> {
  let text = "";
  for await (const part of await client.tasks.output({ task: id, attempt: 1 })) text += part.text;
  return text;
}

test(
  "however often its agent is killed, each task of a full queue begins once, comes to one end and has said everything",
  { timeout: FULL ? 1_200_000 : 120_000 },
  async () => {
    const worker = createKillableWorker();
    let client = await worker.start();
    const marks = join(worker.path, "marks");
    for (let index = 0; index < SIZE.workspaces; index += 1) await client.workspaces.create({ name: `w${index}` });
    const made: TaskInfo[] = [];
    for (let index = 0; index < SIZE.tasks; index += 1) {
      const name = `w${index % SIZE.workspaces}`;
      made.push(await client.tasks.create({ name, spec: { kind: "command", command: program(index, marks) } }));
    }
    const finals = new Map<string, string>();
    const look = async (): Promise<number> => {
      const over = await client.tasks.list({ status: ["completed", "failed", "cancelled"], limit: 1_000 });
      for (const { id, status } of over) {
        // Once it is final, no later look, and no later agent, says anything else.
        expect(finals.get(id) ?? status).toBe(status);
        finals.set(id, status);
      }
      return over.length;
    };

    for (let kills = 0; kills < SIZE.kills; kills += 1) {
      const before = await look();
      const some = Math.min(SIZE.tasks, before + 2);
      await expect.poll(look, { interval: 20, timeout: 60_000 }).toBeGreaterThanOrEqual(some);
      await worker.kill();
      client = await worker.start();
    }
    await expect.poll(look, { interval: 200, timeout: FULL ? 900_000 : 100_000 }).toBe(SIZE.tasks);

    const begun = readFileSync(marks, "utf8").trim().split("\n").map(Number);
    expect(begun.toSorted((a, b) => a - b)).toEqual(made.map((_, index) => index));
    for (const [index, task] of made.entries()) {
      const { status, exitCode, attempt } = await client.tasks.get({ task: task.id });
      const expected = index % 5 === 4 ? ["failed", 3, 1] : ["completed", 0, 1];
      expect([index, status, exitCode, attempt]).toEqual([index, ...expected]);
      const lines = Array.from({ length: LINES }, (_, line) => `task ${index} line ${line}\n`);
      expect(await saidBy(client, task)).toBe(lines.join(""));
    }
    const audited = (await client.audit.list({ limit: 1_000 })).filter(({ action }) => action === "tasks.end");
    expect(audited.map(({ details }) => String(details?.["task"])).toSorted()).toEqual(
      made.map(({ id }) => id).toSorted(),
    );
  },
);

test(
  "what an agent was killed in the middle of running is in the audit of the next, once",
  { timeout: 60_000 },
  async () => {
    const worker = createKillableWorker();
    const first = await worker.start();
    await first.workspaces.create({ name: "demo" });
    const mark = join(worker.path, "mark");
    await first.workspaces.exec({ name: "demo", command: ["true"] });
    const cut = first.workspaces.exec({ name: "demo", command: `touch ${mark}; sleep 600` }).catch(() => "cut");
    await expect.poll(() => existsSync(mark), { timeout: 20_000 }).toBe(true);
    await worker.kill();
    expect(await cut).toBe("cut");
    for (let starts = 0; starts < 2; starts += 1) {
      const client = await worker.start();
      const ran = (await client.audit.list()).filter(({ action }) => action === "workspaces.exec");
      expect(ran.map(({ who, target, outcome, details }) => [who, target, outcome, details?.["command"]])).toEqual([
        ["local", "demo", "interrupted", `touch ${mark}; sleep 600`],
        ["local", "demo", "ok", "true"],
      ]);
      await worker.kill();
    }
  },
);
