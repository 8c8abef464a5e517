import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGitServer, startLfsServer } from "@ws/git-provider/testing";
import { output } from "../commands.ts";
import { timed } from "../harness.ts";

/** git-lfs on this machine itself, and the server that ours fetches large files from too. */
export interface LargeFilesPeer extends AsyncDisposable {
  url: string;
  host: string;
  /** Of those who signed the certificates of the forge and of its store. */
  caFile: string;
  /** Milliseconds of a `git lfs fetch` of everything. */
  fetch: (signal: AbortSignal) => Promise<number>;
}

/** What is fetched anew each time. */
export const FORGET_LARGE_FILES = ["rm", "-rf", ".git/lfs/objects"] as const;
export const FETCH_LARGE_FILES = ["git", "lfs", "fetch"] as const;

/** Serves a repository with so many large files of so many bytes each. */
export async function startLargeFilesPeer({ files, bytes }: { files: number; bytes: number }): Promise<LargeFilesPeer> {
  await using undo = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "ws-bench-lfs-"));
  undo.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  const server = undo.use(await startGitServer());
  const lfs = undo.use(await startLfsServer(server));
  const pointers: Record<string, string> = { ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n" };
  for (let index = 0; index < files; index += 1) pointers[`f${index}.bin`] = await lfs.put(randomBytes(bytes));
  const { url } = await server.create("bench/large", { files: pointers });
  lfs.serve("bench/large");
  const caFile = join(directory, "ca.pem");
  await writeFile(caFile, `${server.ca}\n${lfs.ca}\n`);
  const clone = join(directory, "clone");
  const env = { ...process.env, GIT_SSL_CAINFO: caFile, GIT_CONFIG_GLOBAL: "/dev/null", GIT_LFS_SKIP_SMUDGE: "1" };
  await output("git", ["clone", "--quiet", url, clone], { env });
  const run = ([file, ...args]: readonly [string, ...string[]], signal: AbortSignal): Promise<string> =>
    output(file, args, { env, cwd: clone, signal });
  const opened = undo.move();
  return {
    url,
    host: new URL(url).host,
    caFile,
    async fetch(signal) {
      await run(FORGET_LARGE_FILES, signal);
      return timed(() => run(FETCH_LARGE_FILES, signal));
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
