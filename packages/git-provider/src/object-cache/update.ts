import { readFile } from "node:fs/promises";
import type { Log } from "@ws/workspace-core";
import { cloneFailure } from "../failures.ts";
import type { GitOutcome } from "../worker-git/run-git.ts";
import { runSimpleGit } from "../worker-git/run-simple-git.ts";
import { beginIncoming } from "./incoming.ts";
import type { CachePaths } from "./layout.ts";
import { saysBroken } from "./broken.ts";
import { arePacksWhole } from "./packs.ts";
import { isSame, parseListing, parsePacked, type Refs } from "./refs.ts";
import type { WorkerRoute } from "./worker-route.ts";

export interface UpdateOptions {
  url: string;
  route: WorkerRoute;
  log: Log;
  signal: AbortSignal;
  onLine: (line: string) => void;
}

/**
 * Brings a cache, whose lock the caller holds, to what the remote has now; where nothing has changed that is one question to
 * the remote. Objects that it keeps already are never removed, unless they prove broken: then all is fetched anew. Throws as `Git.clone`.
 */
export async function update(cache: CachePaths, options: UpdateOptions): Promise<"same" | "changed" | "anew"> {
  const { url, log } = options;
  const known = await knownState(cache);
  if (known !== undefined) {
    const outcome = await fetchInto(cache, options, known);
    if (typeof outcome === "string") return outcome;
    if (!saysBroken(outcome.stderr)) throw cloneFailure(url, outcome.stderr);
    log.warn("the object cache of a repository is broken and is fetched anew", {
      url,
      reason: lastLine(outcome.stderr),
    });
  }
  const outcome = await fetchInto(cache, options, undefined);
  if (typeof outcome === "string") return "anew";
  throw cloneFailure(url, outcome.stderr);
}

interface Known {
  refs: Refs;
  head: string;
}

/** Runs on a failure of git's as an outcome, so that the caller decides what it means. */
async function fetchInto(
  cache: CachePaths,
  { url, route, signal, onLine }: UpdateOptions,
  known: Known | undefined,
): Promise<"same" | "changed" | GitOutcome> {
  await using incoming = await beginIncoming(cache, { anew: known === undefined });
  const git = (...argv: string[]): Promise<GitOutcome> =>
    runSimpleGit(argv, { directory: incoming.directory, way: route, signal, onLine });

  const list = (): Promise<GitOutcome> =>
    git("ls-remote", "--symref", "--", url, "HEAD", "refs/heads/*", "refs/tags/*");
  const fetch = (): Promise<GitOutcome> =>
    git(...FETCH, "--", url, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*");

  // Where there is nothing to compare with, both at once.
  const [listed, early] = known === undefined ? await Promise.all([list(), fetch()]) : [await list()];
  if (listed.code !== 0) return listed;
  const { refs, head } = parseListing(listed.stdout);
  if (known !== undefined && isSame(known.refs, refs) && known.head === (head ?? "")) return "same";
  const fetched = early ?? (await fetch());
  if (fetched.code !== 0) return fetched;
  const packed = await git("pack-refs", "--all", "--prune");
  if (packed.code !== 0) return packed;
  await incoming.publish(head);
  return "changed";
}

const FETCH = ["fetch", "--progress", "--prune", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"];

/** Nothing where there is none yet, or where it was cut off or tampered with. */
async function knownState(cache: CachePaths): Promise<Known | undefined> {
  try {
    const [refs, head, whole] = await Promise.all([
      readFile(cache.refs, "latin1"),
      readFile(cache.head, "latin1"),
      arePacksWhole(cache.objects),
    ]);
    return whole ? { refs: parsePacked(refs), head } : undefined;
  } catch {
    return undefined;
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.slice(0, 300) ?? "";
}
