import { type FileHandle, mkdir, mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline, Readable } from "node:stream";
import type { Body } from "../forge/bodies.ts";
import { DiskFull, type FreeBytes } from "../limits/free-space.ts";
import type { Promised, SpoolAccount } from "../limits/spool-account.ts";
import type { PushHead } from "./commands.ts";

/** A push that lies on the worker's disk, as a repository of its own that nothing else knows. */
export interface PushSpool extends AsyncDisposable {
  /** The repository, bare and without refs. */
  readonly directory: string;
  readonly pack: string;
  /** The same bytes as they came, any number of times. */
  body(head: Buffer): Body;
  /** Takes the names away, so that what is still being sent is nobody's file any more. */
  unlink(): Promise<void>;
}

/** What every push takes of the free space ahead, and so how often it is looked at. */
const AHEAD_BYTES = 67_108_864;

/**
 * Writes a pack to disk as it comes, so that it can be looked at before the forge has it and sent again where a token ends
 * meanwhile. Readable by this user alone. Throws `DiskFull`.
 */
export async function spoolPush(
  source: AsyncIterable<Buffer>,
  options: {
    objectFormat: PushHead["objectFormat"];
    /** Made where it does not exist. */
    scratch: string;
    freeBytes: FreeBytes;
    /** Shared by all who spool on one disk. */
    account: SpoolAccount;
  },
): Promise<PushSpool> {
  await using opening = new AsyncDisposableStack();
  await mkdir(options.scratch, { recursive: true, mode: 0o700 });
  await sweep(options.scratch);
  const directory = await mkdtemp(join(options.scratch, `ws-push-${process.pid}-`));
  opening.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  await layOut(directory, options.objectFormat);
  const pack = join(directory, "objects", "pack", "pack-push.pack");
  const file = opening.use(await open(pack, "wx+", 0o600));
  const free = (): Promise<number> => options.freeBytes(directory);
  const size = await fill(file, source, { free, account: options.account });
  const opened = opening.move();
  return {
    directory,
    pack,
    body: (head) => ({
      repeatable: true,
      length: head.length + size,
      sendTo: (request) => void pipeline(Readable.from(contentOf(head, file, size)), request, () => undefined),
    }),
    unlink: () => rm(directory, { recursive: true, force: true, maxRetries: 3 }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** What a worker that was killed has left. */
async function sweep(scratch: string): Promise<void> {
  for (const name of await readdir(scratch)) {
    const pid = /^ws-push-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    // In a directory that is shared it may be another user's.
    await rm(join(scratch, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function layOut(directory: string, objectFormat: PushHead["objectFormat"]): Promise<void> {
  await mkdir(join(directory, "objects", "pack"), { recursive: true, mode: 0o700 });
  await mkdir(join(directory, "refs"), { mode: 0o700 });
  await writeFile(join(directory, "HEAD"), "ref: refs/heads/none\n");
  const format = objectFormat === "sha1" ? "0" : `1\n[extensions]\n\tobjectFormat = ${objectFormat}`;
  await writeFile(join(directory, "config"), `[core]\n\tbare = true\n\trepositoryFormatVersion = ${format}\n`);
}

async function fill(
  file: FileHandle,
  source: AsyncIterable<Buffer>,
  { free, account }: { free: () => Promise<number>; account: SpoolAccount },
): Promise<number> {
  let size = 0;
  let checkedTo = 0;
  let promised: Promised | undefined;
  try {
    for await (const chunk of source) {
      if (size + chunk.length > checkedTo) {
        promised?.over();
        promised = undefined;
        const ahead = AHEAD_BYTES + chunk.length;
        promised = await account.ahead(ahead, free);
        checkedTo = size + ahead;
      }
      await file.writev([chunk]);
      promised?.written(chunk.length);
      size += chunk.length;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === "ENOSPC" || code === "EDQUOT" ? new DiskFull() : error;
  } finally {
    promised?.over();
  }
  return size;
}

const READ_BYTES = 262_144;

async function* contentOf(head: Buffer, file: FileHandle, size: number): AsyncGenerator<Buffer> {
  yield head;
  for (let position = 0; position < size;) {
    // A buffer of its own each time: the one before may still be on its way out.
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, position);
    if (bytesRead === 0) throw new Error("the push was cut on the worker's disk");
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
