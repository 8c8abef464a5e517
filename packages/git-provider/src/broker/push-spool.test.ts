import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DiskFull } from "./free-space.ts";
import { spoolPush } from "./push-spool.ts";

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
  return { objectFormat: "sha1", scratch, freeBytes };
}

async function* from(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}
