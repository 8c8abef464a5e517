import { describe, expect, test } from "vitest";

import type { Box, WatchBatch, WatchOptions } from "../../ports.ts";
import { encode, expectCode, expectRefusal, freshDirectory, script } from "./probing.ts";
import type { BoxUnderTest } from "./under-test.ts";

/** What a Box without real processes must do, too. */
export function plainWatchTests(place: () => BoxUnderTest): void {
  describe("a watched directory", () => {
    test("tells of what is made, changed, moved and removed, however deep and new its directories are", async () => {
      const { box } = place();
      await using watching = await watch(box);
      const { root } = watching;
      await box.files.write(`${root}/file`, encode("one"));
      await watching.until("file");
      await box.files.write(`${root}/file`, encode("two"));
      await watching.until("file");
      await box.files.mkdir(`${root}/a/b/c`);
      await box.files.write(`${root}/a/b/c/file`, encode("x"));
      await watching.until("a", "a/b/c/file");
      await box.files.write(`${root}/a/b/c/later`, encode("x"));
      await watching.until("a/b/c/later");
      await box.files.rename(`${root}/a/b`, `${root}/moved`);
      await watching.until("a/b", "moved");
      await box.files.write(`${root}/moved/c/file`, encode("y"));
      await watching.until("moved/c/file");
      await box.files.remove(`${root}/moved`);
      await watching.until("moved");
      await box.files.write(`${root}/moved`, encode("now a file"));
      expect(await watching.until("moved")).toContain("moved");
    });

    test("leaves out what lies in directories of ignored names, and nothing else", async () => {
      const { box } = place();
      const root = await freshDirectory(box);
      for (const directory of ["node_modules/deep", ".hidden/deep", ".git/refs", ".git/objects", "src/node_modules"])
        await box.files.mkdir(`${root}/${directory}`);
      await using watching = await watch(box, root, {
        ignore: [".*", "node_modules"],
        include: [".git", ".git/refs/**"],
      });
      for (const path of ["node_modules/deep/x", "node_modules/x", ".hidden/x", ".hidden/deep/x", ".git/objects/x"])
        await box.files.write(`${root}/${path}`, encode("x"));
      await box.files.mkdir(`${root}/src/.new/deep`);
      await box.files.write(`${root}/src/node_modules/x`, encode("x"));
      await box.files.mkdir(`${root}/.git/refs/build`);
      const told = [".env", ".git/HEAD", ".git/refs/build/node_modules", "src/file"];
      for (const path of told) await box.files.write(`${root}/${path}`, encode("x"));
      const seen = await watching.until(...told);
      expect([...seen].filter((path) => !/(^|\/)\.ws-/.test(path)).sort()).toEqual([
        ...told.slice(0, 2),
        ".git/refs/build",
        told[2],
        "src/.new",
        told[3],
      ]);
    });

    test("ends with its signal, and with its Box", async () => {
      const box = await place().reopen();
      const root = await freshDirectory(box);
      const abort = new AbortController();
      const aborted = box.watch(root, { signal: abort.signal })[Symbol.asyncIterator]();
      const other = box.watch(root)[Symbol.asyncIterator]();
      expect((await aborted.next()).value).toEqual({ resync: true });
      expect((await other.next()).value).toEqual({ resync: true });
      const next = aborted.next();
      abort.abort();
      expect(await next).toEqual({ done: true, value: undefined });
      expect(await first(box.watch(root, { signal: abort.signal }))).toBe(undefined);
      const cut = other.next();
      await Promise.all([expectCode(cut, "box_closed"), box[Symbol.asyncDispose]()]);
      await expectCode(first(box.watch(root)), "box_closed");
    });

    test("is one that is there and no other, and whose end is told", async () => {
      const { box } = place();
      const root = await freshDirectory(box);
      await box.files.write(`${root}/file`, encode("x"));
      await expectRefusal(first(box.watch(`${root}/missing`)), "file_not_found");
      await expectRefusal(first(box.watch(`${root}/file`)), "not_a_directory");
      await expectRefusal(first(box.watch("relative")), "invalid_input");
      await using watching = await watch(box);
      await box.files.remove(watching.root);
      await expectRefusal(watching.until("never"), "file_not_found");
    });
  });
}

export function watchTests(place: () => BoxUnderTest): void {
  describe("a directory that much happens in", () => {
    test("is told of as a whole where single paths would be too many, and nothing is missed afterwards", async () => {
      const { box } = place();
      await using watching = await watch(box);
      const { root } = watching;
      const elsewhere = await freshDirectory(box);
      const code = `cd "$1" && for d in $(seq 60); do mkdir -p "d$d/deep" && (cd "d$d/deep" && touch $(seq 100)); done`;
      await script(box, code, elsewhere);
      // All at once, and then one after the other.
      await script(box, 'mv "$2" "$1/all"', root, elsewhere);
      await watching.resynced();
      await script(box, code, root);
      const late = (path: string): Promise<void> =>
        watching.repeating(path, () => box.files.write(`${root}/${path}`, encode("x")));
      for (const path of ["all/d1/deep/late", "all/d60/late", "d1/deep/late", "d60/deep/late", "d60/late"])
        await late(path);
      await script(box, 'cd "$1" && rm -rf d1 && mv d2 d1', root);
      await late("d1/deep/later");
      await box.files.remove(`${root}/d60/deep/late`);
      expect(await watching.until("d60/deep/late")).toContain("d60/deep/late");
    });

    test("is watched by nobody once nobody looks, or the one who looked has gone with its Box", async () => {
      const { box } = place();
      const root = await freshDirectory(box);
      // The kernel says by inode what a process watches.
      const code = `ino=$(printf 'ino:%x ' "$(stat -c %i "$1")"); grep -ls "$ino" /proc/[0-9]*/fdinfo/* 2>/dev/null | wc -l`;
      const watchers = async (): Promise<number> => Number(await script(box, code, root));
      const leaving = await watch(box, root);
      expect(await watchers()).toBe(1);
      await leaving[Symbol.asyncDispose]();
      await expect.poll(watchers).toBe(0);
      const other = await place().reopen();
      await watch(other, root);
      expect(await watchers()).toBe(1);
      await other[Symbol.asyncDispose]();
      await expect.poll(watchers).toBe(0);
    });

    test("is not left through a link", async () => {
      const { box } = place();
      const outside = await freshDirectory(box);
      const root = await freshDirectory(box);
      await script(box, 'mkdir "$1/in" && ln -s "$2" "$1/out" && ln -s .. "$1/in/up"', root, outside);
      await using watching = await watch(box, root);
      await box.files.write(`${outside}/secret`, encode("x"));
      await box.files.write(`${root}/in/file`, encode("x"));
      const seen = await watching.until("in/file");
      expect([...seen].filter((path) => path.startsWith("out/") || path.startsWith("in/up/"))).toEqual([]);
    });
  });
}

interface Watching extends AsyncDisposable {
  readonly root: string;
  /** What was told from now on until all of these were. */
  until(...paths: string[]): Promise<Set<string>>;
  /** Does it again until the path is told of. */
  repeating(path: string, work: () => Promise<void>): Promise<void>;
  /** Resolves once it is told that anything may have changed. */
  resynced(): Promise<void>;
}

/** Watches; resolves once nothing that happens is missed. */
async function watch(box: Box, directory?: string, options: WatchOptions = {}): Promise<Watching> {
  const root = directory ?? (await freshDirectory(box));
  const abort = new AbortController();
  const batches = box.watch(root, { ...options, signal: abort.signal })[Symbol.asyncIterator]();
  expect((await batches.next()).value).toEqual({ resync: true });
  const next = async (): Promise<WatchBatch> => {
    const { done, value } = await batches.next();
    if (done === true) throw new Error("the watching ended");
    return value;
  };
  return {
    root,
    async until(...paths) {
      const seen = new Set<string>();
      while (!paths.every((path) => seen.has(path))) {
        const batch = await next();
        if ("paths" in batch) for (const path of batch.paths) seen.add(path);
        else seen.add("/resync");
      }
      return seen;
    },
    async repeating(path, work) {
      let isTold = false;
      const reading = (async () => {
        while (!isTold) {
          const batch = await next();
          isTold = "paths" in batch && batch.paths.includes(path);
        }
      })();
      // As long as much is told at once, a single path is not.
      await expect.poll(async () => work().then(() => isTold), { timeout: 60_000 }).toBe(true);
      await reading;
    },
    async resynced() {
      while (!("resync" in (await next())));
    },
    async [Symbol.asyncDispose]() {
      abort.abort();
      await batches.return?.(undefined);
    },
  };
}

async function first(batches: AsyncIterable<WatchBatch>): Promise<WatchBatch | undefined> {
  for await (const batch of batches) return batch;
  return undefined;
}
