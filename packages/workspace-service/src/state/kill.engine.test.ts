import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { WorkspaceId } from "@ws/workspace-core";
import { afterAll, expect, test } from "vitest";
import { openState } from "./state.ts";

const root = mkdtempSync(join(tmpdir(), "ws-state-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const ROUNDS = process.env["WS_SOAK"] === undefined ? 6 : 200;

/** Writes in a process of its own until it is killed at some moment; what it was last told is written. */
async function killed(directory: string, ms: number): Promise<{ id: WorkspaceId; count: number; pid: number }> {
  const file = fileURLToPath(new URL("../testing/busy-writer.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=source", file, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  let said = "";
  child.stdout.on("data", (part: Buffer) => (said += part.toString()));
  await once(child.stdout, "data");
  expect(() => openState(directory)).toThrow(
    expect.objectContaining({ code: "state_locked", data: { pid: child.pid } }) as Error,
  );
  setTimeout(() => child.kill("SIGKILL"), ms);
  await exited;
  const [id, count] =
    said
      .split("\n")
      .findLast((line) => / \d+$/.test(line))
      ?.split(" ") ?? [];
  return { id: id as WorkspaceId, count: Number(count), pid: child.pid ?? 0 };
}

test(
  "a process killed at any instant loses no change it was told of, tears no file and locks nobody out (SIGKILL)",
  async () => {
    const directory = join(root, "killed");
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id, count, pid } = await killed(directory, (round * 41) % 250);
      expect(existsSync(join(directory, "lock.pid"))).toBe(true);
      using state = openState(directory);
      expect(state.store.get(id)?.updatedAt, `of process ${pid}`).toBeGreaterThanOrEqual(count);
      expect(state.store.readLog(id).length).toBeGreaterThanOrEqual(Math.min(count, 5_000));
      expect(state.store.list()).toHaveLength(round + 1);
      expect(readdirSync(join(directory, "workspaces")).every((name) => name.endsWith(".json"))).toBe(true);
    }
  },
  30_000 + ROUNDS * 3_000,
);

test("one process has a directory at a time, and the next has it once the first let go of it", () => {
  const directory = join(root, "twice");
  const first = openState(directory);
  expect(() => openState(directory)).toThrow(
    expect.objectContaining({ code: "state_locked", data: { pid: process.pid } }) as Error,
  );
  const { instance } = first;
  first[Symbol.dispose]();
  using second = openState(directory);
  expect(second.instance).toBe(instance);
});
