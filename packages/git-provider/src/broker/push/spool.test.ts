import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DiskFull } from "../limits/free-space.ts";
import { createSpoolAccount } from "../limits/spool-account.ts";
import { spoolPush } from "./spool.ts";

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "ws-spool-"));
});
afterEach(() => rm(scratch, { recursive: true }));

const MUCH = 1e12;

test("a push can be sent more than once, also when its names are gone, and leaves nothing", async () => {
  const pack = randomBytes(1_000_000);
  {
    await using spool = await spoolPush(
      from([pack]),
      options(async () => MUCH),
    );
    expect((await stat(spool.pack)).mode & 0o777).toBe(0o600);
    await spool.unlink();
    const body = spool.body(Buffer.from("head"));
    expect(body.length).toBe(pack.length + 4);
    for (const _ of [1, 2]) {
      const sent = new PassThrough();
      body.sendTo(sent);
      expect(await buffer(sent)).toEqual(Buffer.concat([Buffer.from("head"), pack]));
    }
  }
  expect(await readdir(scratch)).toEqual([]);
});

test("a push that would fill the disk is given up at once, and leaves nothing", async () => {
  let given = 0;
  const endless = (async function* () {
    for (;;) {
      given += 1;
      yield Buffer.alloc(1_048_576);
    }
  })();
  let free = 1.3e9;
  const filling = spoolPush(
    endless,
    options(async () => (free -= 1e8)),
  );
  await expect(filling).rejects.toThrow(DiskFull);
  expect(given).toBeLessThan(256);
  expect(await readdir(scratch)).toEqual([]);
});

test("pushes at the same time count together: none sees the room that another is about to fill", async () => {
  const shared = createSpoolAccount();
  let goOn = (): void => undefined;
  const more = new Promise<void>((resolve) => (goOn = resolve));
  let begun = 0;
  const slow = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.alloc(1_048_576);
    begun += 1;
    await more;
  };
  // Room for ten of them ahead, beside what is left to everything else.
  const free = async (): Promise<number> => 1_073_741_824 + 10.5 * 68_157_440;
  const pushes = Array.from({ length: 64 }, () => spoolPush(slow(), { ...options(free), account: shared }));
  const full: unknown[] = [];
  for (const push of pushes) push.catch((error: unknown) => full.push(error));
  await expect.poll(() => [begun, full.length]).toEqual([10, 54]);
  expect(full.every((error) => error instanceof DiskFull)).toBe(true);
  goOn();
  for (const push of await Promise.allSettled(pushes)) {
    if (push.status === "fulfilled") await push.value[Symbol.asyncDispose]();
  }
  // What they had ahead is given back, also what they did not need.
  await using after = await spoolPush(from([Buffer.alloc(9)]), { ...options(free), account: shared });
  expect(await readdir(scratch)).toEqual([after.directory.slice(scratch.length + 1)]);
});

test("what a worker that was killed has left is removed, and what another one is at is not", async () => {
  // No process has the highest number there can be.
  await mkdir(join(scratch, "ws-push-4194303-abc"));
  await mkdir(join(scratch, `ws-push-${process.ppid}-abc`));
  await using spool = await spoolPush(
    from([]),
    options(async () => MUCH),
  );
  const kept = [`ws-push-${process.ppid}-abc`, spool.directory.slice(scratch.length + 1)];
  expect((await readdir(scratch)).toSorted()).toEqual(kept.toSorted());
});

function options(freeBytes: () => Promise<number>): Parameters<typeof spoolPush>[1] {
  return { objectFormat: "sha1", scratch, freeBytes, account: createSpoolAccount() };
}

async function* from(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}
