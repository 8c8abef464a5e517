import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CredentialSource, Log, WorkspaceId } from "@ws/workspace-core";
import { createNetwork } from "../broker/forge/network.ts";
import { createObjectCache, type ObjectCache } from "../object-cache.ts";
import { createWorkerRoutes } from "../object-cache/worker-route.ts";
import type { GitServer, ServedRepository } from "./git-server.ts";

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export interface CacheUnderTest extends AsyncDisposable {
  cache: ObjectCache;
  directory: string;
  /** Another one over the same directory, as another process has it. */
  again: () => ObjectCache;
}

/** A cache in a directory of its own, which fetches from this server. */
export async function openCache(
  server: GitServer,
  credentials?: Pick<CredentialSource, "find" | "secret">,
): Promise<CacheUnderTest> {
  const parent = await mkdtemp(join(tmpdir(), "ws-object-cache-"));
  const directory = join(parent, "objects");
  const routes = createWorkerRoutes(createNetwork({ log: silent, ca: [server.ca] }), credentials);
  const again = (): ObjectCache => createObjectCache({ directory, routes, log: silent });
  return {
    cache: again(),
    directory,
    again,
    [Symbol.asyncDispose]: () => rm(parent, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Waits until a workspace, a new one unless it is named, has what it borrows; resolves to where. */
export async function share(cache: ObjectCache, url: string, workspace: WorkspaceId = newId()): Promise<string> {
  const { directory, ready } = await cache.share(url, { workspace, signal: new AbortController().signal });
  await ready(() => undefined);
  return directory;
}

function newId(): WorkspaceId {
  return `ws-${randomBytes(5).toString("hex")}`;
}

/** Each ref with its object, as the clone would have it. */
export async function refsIn(shown: string): Promise<string[]> {
  const lines = (await readFile(join(shown, "packed-refs"), "utf8")).trim().split("\n");
  return lines.filter((line) => !line.startsWith("#") && !line.startsWith("^"));
}

/** Checks, in a repository that has nothing of its own, that every ref and everything it reaches is there and sound. */
export async function expectWhole(shown: string): Promise<void> {
  const ids = (await refsIn(shown)).map((line) => line.slice(0, 40));
  await inObjects(shown, "rev-list", "--objects", "--quiet", ...ids);
  const said = await inObjects(shown, "fsck", "--strict", "--no-dangling", ...ids);
  if (said !== "") throw new Error(said);
}

export async function inObjects(shown: string, ...argv: string[]): Promise<string> {
  const borrower = await mkdtemp(join(tmpdir(), "ws-borrower-"));
  try {
    const run = promisify(execFile);
    await run("git", ["init", "--quiet", "--bare", borrower]);
    await writeFile(join(borrower, "objects/info/alternates"), `${join(shown, "objects")}\n`);
    return (await run("git", argv, { cwd: borrower })).stdout.trim();
  } finally {
    await rm(borrower, { recursive: true, force: true });
  }
}

/** Makes a commit of one new file on a branch that begins at main; resolves to it. */
export async function commitOn(served: ServedRepository, branch: string, message = "More"): Promise<string> {
  const blob = (await served.gitWith(randomBytes(400).toString("hex"), "hash-object", "-w", "--stdin")).trim();
  const tree = (await served.gitWith(`100644 blob ${blob}\tnew.txt\n`, "mktree")).trim();
  const commit = (await served.git("commit-tree", "-p", "main", "-m", message, tree)).trim();
  await served.git("update-ref", `refs/heads/${branch}`, commit);
  return commit;
}
