import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startTestAgent } from "../testing/test-agent.ts";
import { tempDir } from "../testing/temp-dir.ts";

const LINES = ["a", "b", "c", "x y", "", "-- ", "+ p", "\\ n", "é", "\t", "d\r"];

/** Numbers that look like chance and are the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("what git says differs between two texts makes the one out of the other, with any lines, ends and context", async () => {
  await using agent = await startTestAgent();
  using directory = tempDir();
  const { files, workspaces } = agent.local;
  const name = "demo";
  await workspaces.create({ name });
  let patched = 0;
  for (let seed = 1; seed <= 60; seed += 1) {
    const pick = numbers(seed);
    const line = (): string => LINES[pick(LINES.length)] ?? "";
    const old = Array.from({ length: 1 + pick(30) }, line);
    const now = old.flatMap((kept) => [[], [line()], [kept, line()]][pick(12)] ?? [kept]);
    const whole = (lines: string[]): string =>
      lines.length === 0 ? "" : lines.join("\n") + (pick(4) === 0 ? "" : "\n");
    const [before, after] = [whole(old), whole(now)];
    writeFileSync(join(directory.path, "a"), before);
    writeFileSync(join(directory.path, "b"), after);
    const argv = ["diff", "--no-index", "--no-ext-diff", `-U${pick(4)}`, "a", "b"];
    const { stdout } = spawnSync("git", argv, { cwd: directory.path, encoding: "utf8" });
    if (stdout === "") continue;
    await files.write({ name, path: "a", content: before });
    await files.patch({ name, patch: stdout.replaceAll("b/b", "b/a") });
    expect([seed, await files.read({ name, path: "a" })]).toEqual([seed, expect.objectContaining({ content: after })]);
    patched += 1;
  }
  expect(patched).toBeGreaterThan(30);
});
