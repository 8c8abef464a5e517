import { describe, expect, test } from "vitest";

import { createPolicy } from "../policy/policy.ts";
import type { PolicyRules } from "../policy/rules.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createChangeFeed } from "./change-feed.ts";
import type { FileChange } from "./file-change.ts";

describe("what a viewer is told of changes", () => {
  test("comes together with what happens within 50 ms, each path once", async () => {
    const { feed, clock, next } = viewer();
    feed.push({ paths: ["a"] });
    const told = next();
    await clock.idle();
    feed.push({ paths: ["a", "src/b"] });
    clock.advance(49);
    feed.push({ paths: ["c"] });
    clock.advance(1);
    expect(await told).toEqual({ paths: ["a", "src/b", "c"] });
  });

  test("says of git only that it stands elsewhere, and of what it only wrote for itself nothing", async () => {
    const { feed, clock, next } = viewer();
    const nothing = [".git/index.lock", ".git/refs/heads/main.lock", ".git/COMMIT_EDITMSG", ".git/refs", ".git/logs"];
    feed.push({ paths: [...nothing, "src/.ws-4f9c21", "a"] });
    for (const path of [".git/HEAD", ".git/index", ".git/refs/heads/feat/x", ".gitignore", "src/.eslintrc"]) {
      const told = next();
      await clock.idle();
      clock.advance(1_000);
      expect(await told).toEqual(path === ".git/HEAD" ? { paths: ["a"] } : { git: true });
      feed.push({ paths: [path] });
    }
  });

  test("is less often the longer it goes on, twice a second at the least, and at once again after a rest", async () => {
    const { feed, clock, next } = viewer();
    const waits: number[] = [];
    const wait = async (): Promise<number> => {
      const began = clock.monotonic();
      let isTold = false;
      feed.push({ paths: ["a"] });
      const told = next().then(() => (isTold = true));
      await clock.idle();
      while (!isTold) {
        clock.advance(10);
        for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      }
      await told;
      return clock.monotonic() - began;
    };
    for (let round = 0; round < 6; round += 1) waits.push(await wait());
    clock.advance(2_000);
    waits.push(await wait());
    expect(waits).toEqual([50, 100, 200, 400, 500, 500, 50]);
  });

  test.each([
    ["paths", Array.from({ length: 10_000 }, (_each, index) => `src/deep/file-${index}.ts`)],
    ["characters of paths", Array.from({ length: 40 }, (_each, index) => `${"long/".repeat(800)}${index}`)],
  ])("is that anything may have changed where it would be too many %s", async (_what, paths) => {
    const { feed, clock, next } = viewer();
    let bytes = 0;
    // A second of it, and nobody sees more than some lines.
    for (let round = 0; round < 20; round += 1) {
      feed.push({ paths });
      const told = next();
      await clock.idle();
      clock.advance(500);
      const change = await told;
      expect(change).toEqual({ resync: true });
      bytes += JSON.stringify(change).length;
    }
    expect(bytes).toBeLessThan(1_000);
    feed.push({ paths: ["after"] });
    const told = next();
    await clock.idle();
    clock.advance(500);
    expect(await told).toEqual({ paths: ["after"] });
  });

  test("takes what came before with it once anything may have changed, and says why where that is known", async () => {
    const { feed, clock, next } = viewer();
    feed.push({ paths: ["a", ".git/HEAD"] });
    feed.push({ resync: true, slow: "Because." });
    feed.push({ paths: ["b"] });
    const told = next();
    await clock.idle();
    clock.advance(50);
    expect(await told).toEqual({ resync: true, slow: "Because." });
  });

  test("leaves out what the policy hides, as it is by then", async () => {
    const rules: PolicyRules = { hiddenPaths: ["private"] };
    const { feed, clock, next, asked } = viewer(rules);
    feed.push({ paths: ["private/x", "src/a", "private"] });
    const first = next();
    await clock.idle();
    clock.advance(50);
    expect(await first).toEqual({ paths: ["src/a"] });
    feed.push({ paths: ["src/a", "docs/b", ".git/HEAD"] });
    rules.hiddenPaths = ["src", ".git"];
    const second = next();
    await clock.idle();
    clock.advance(1_000);
    expect(await second).toEqual({ paths: ["docs/b"] });
    feed.push({ paths: ["src/a", ".git/HEAD"] });
    const third = next();
    await clock.idle();
    clock.advance(1_000);
    await expect.poll(asked).toBe(3);
    feed.push({ paths: ["now/seen"] });
    await clock.idle();
    clock.advance(1_000);
    expect(await third).toEqual({ paths: ["now/seen"] });
  });

  test("ends quietly with its signal, and with the reason where the watching failed", async () => {
    const first = viewer();
    const told = first.next();
    first.abort.abort();
    expect(await told).toBe(undefined);
    const second = viewer();
    const failed = second.next();
    second.feed.fail(new Error("gone"));
    await expect(failed).rejects.toThrow("gone");
  });
});

function viewer(rules: PolicyRules = {}) {
  const clock = createManualClock();
  const abort = new AbortController();
  let count = 0;
  const policy = () => {
    count += 1;
    return createPolicy([{ of: "workspace" as const, name: "demo", rules }]);
  };
  const feed = createChangeFeed({ clock, policy });
  const changes = feed.read(abort.signal);
  const next = async (): Promise<FileChange | undefined> => (await changes.next()).value ?? undefined;
  return { clock, abort, feed, next, asked: () => count };
}
