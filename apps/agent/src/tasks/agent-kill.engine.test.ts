import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AgentClient } from "@ws/rpc-contract/client";
import { agentStandIn } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createKillableWorker } from "../testing/killable-worker.ts";

const FULL = process.env["WS_SOAK"] !== undefined;
const SIZE = FULL ? { rounds: 10, kills: 20 } : { rounds: 1, kills: 3 };
const NAMES = ["a", "b"] as const;

/** What tools are asked to play, and where their tasks rest until somebody does something. */
const SCENES = [
  ["ok", "completed"],
  ["slow 1500", "completed"],
  ["ask", "waiting_input"],
  ["limit 30", "limited"],
  ["noauth", "auth_failed"],
  ["die", "failed"],
] as const;

async function conversationsIn(client: AgentClient, name: string): Promise<string[][]> {
  const command = "for one in ~/.stand-in/*; do cat $one; echo; done";
  const { stdout } = await client.workspaces.exec({ name, command });
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as string[]);
}

test(
  "however often its agent is killed, a coding tool's task keeps its question, its limit and its conversation, and is told everything once",
  { timeout: FULL ? 900_000 : 120_000 },
  async () => {
    const worker = createKillableWorker();
    const bin = join(worker.path, "bin");
    mkdirSync(bin);
    let client = await worker.start();
    const tools: Record<string, unknown> = {};
    // Each task has a tool of its own, and so an account: none is held for another's limit.
    const rows = NAMES.flatMap((name) =>
      Array.from({ length: SIZE.rounds }, (_, round) =>
        SCENES.map(([scene, rests]) => ({ name, scene, rests, round })),
      ),
    ).flat();
    const asked = rows.map((row, index) => ({ ...row, tool: `tool-${index}`, prompt: `${row.scene} of ${index}` }));
    writeFileSync(join(bin, "claude"), agentStandIn("claude"), { mode: 0o755 });
    for (const { tool } of asked) {
      tools[tool] = { argv: [join(bin, "claude")], resume: ["--resume", "{session}"], output: "claude" };
    }
    await client.config.settings.set({ key: "agents.custom", value: tools });
    for (const name of NAMES) await client.workspaces.create({ name });
    const made: { id: string; prompt: string; rests: string }[] = [];
    for (const { name, tool, prompt, rests } of asked) {
      const { id } = await client.tasks.create({ name, spec: { kind: "agent", tool, prompt } });
      made.push({ id, prompt, rests });
    }
    const states = async (): Promise<string[]> => {
      const all = await client.tasks.list({ limit: 1_000 });
      return made.map(({ id }) => all.find((task) => task.id === id)?.status ?? "gone");
    };
    const restsNow = async (): Promise<number> => {
      const now = await states();
      return now.filter((status, index) => status === made[index]?.rests).length;
    };

    for (let kills = 0; kills < SIZE.kills; kills += 1) {
      const wanted = Math.ceil((made.length * (kills + 1)) / SIZE.kills);
      await expect.poll(restsNow, { interval: 20, timeout: 100_000 }).toBeGreaterThanOrEqual(wanted);
      await worker.kill();
      client = await worker.start();
    }
    expect(await states()).toEqual(made.map(({ rests }) => rests));
    for (const { id, rests } of made) {
      if (rests === "waiting_input") await client.tasks.resume({ task: id, prompt: `left of ${id}` });
      if (rests === "limited") await client.tasks.resume({ task: id });
    }
    const isThrough = async (): Promise<boolean> => {
      const now = await states();
      return (
        now.every((status, index) => status === made[index]?.rests || status === "completed") &&
        !now.includes("limited") &&
        !now.includes("waiting_input")
      );
    };
    await expect.poll(isThrough, { interval: 50, timeout: 100_000 }).toBe(true);

    const told = (await Promise.all(NAMES.map((name) => conversationsIn(client, name)))).flat();
    for (const { id, prompt, rests } of made) {
      const [conversation, ...others] = told.filter(([first]) => first === prompt);
      expect(others).toEqual([]);
      const further = rests === "waiting_input" ? [`left of ${id}`] : rests === "limited" ? ["Continue."] : [];
      expect(conversation).toEqual([prompt, ...further]);
    }
    expect(told).toHaveLength(made.length);
  },
);
