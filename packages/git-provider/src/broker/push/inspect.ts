import { runWorkerGit } from "../../worker-git/run-git.ts";
import type { PushHead } from "./commands.ts";
import { MalformedPush } from "../protocol/pkt-line.ts";
import { CannotTell, type Known, openHistory, type PushHistory, type Upward } from "./history.ts";
import type { PushRules } from "./policy.ts";
import { INDEXING_LIMITS, PUSH_LIMITS } from "./limits.ts";
import type { PushSpool } from "./spool.ts";
import { ownWorkflow } from "./workflows.ts";

export interface Inspection {
  spool: PushSpool;
  head: PushHead;
  rules: PushRules;
  known: Known | undefined;
  upward: Upward;
  signal: AbortSignal;
}

/**
 * Looks at what a push brings, in a repository that nobody else knows, and tells why it is refused, by ref: what rewrites a
 * branch or changes a workflow file without the right to, and all of it where that cannot be told.
 */
export async function inspectPush({
  spool,
  head,
  rules,
  known,
  upward,
  signal,
}: Inspection): Promise<Map<string, string>> {
  const git = { directory: spool.directory, limits: PUSH_LIMITS, signal };
  // Objects above the threshold are read in pieces, never held whole.
  const indexing = ["-c", "core.bigFileThreshold=16m", "-c", "pack.threads=1", "index-pack", spool.pack];
  try {
    const { code, stderr } = await runWorkerGit(indexing, { ...git, limits: INDEXING_LIMITS });
    if (code === 127) throw new CannotTell("the worker has no git to look at it with");
    if (code !== 0) throw new MalformedPush(`its pack is not whole (${stderr.trim().split("\n").at(-1) ?? code})`);
    // Of another format they would only be in the way.
    const [idBytes, kept] = head.objectFormat === "sha1" ? ([20, known] as const) : ([32, undefined] as const);
    using history = await openHistory({ ...git, idBytes, known: kept, upward });
    return new Map([...(await rewritten(history, head, rules)), ...(await automated(history, head, rules))]);
  } catch (error) {
    if (!(error instanceof CannotTell || error instanceof MalformedPush)) throw error;
    return new Map(head.commands.map(({ ref }) => [ref, error.message]));
  }
}

async function rewritten(history: PushHistory, head: PushHead, rules: PushRules): Promise<Map<string, string>> {
  const refusals = new Map<string, string>();
  if (rules.force) return refusals;
  for (const { ref, from, to } of head.commands) {
    if (from === undefined || to === undefined || (await history.isForward(from, to))) continue;
    refusals.set(ref, "non-fast-forward: this workspace may not rewrite a branch");
  }
  return refusals;
}

async function automated(history: PushHistory, head: PushHead, rules: PushRules): Promise<Map<string, string>> {
  if (rules.workflows) return new Map();
  for (const { ref, to } of head.commands) {
    if (to === undefined || (await history.isAccounted(to))) continue;
    const reason = `this workspace may not change workflow files, and ${to.slice(0, 12)} is of no branch of the repository`;
    return new Map([[ref, reason]]);
  }
  for (const [id, commit] of history.commits) {
    const path = await ownWorkflow(commit, history.treeOf, history.readTree);
    if (path === undefined) continue;
    const reason = `this workspace may not change workflow files: ${Buffer.from(path, "latin1").toString()} in ${id.slice(0, 12)}`;
    return new Map(head.commands.map(({ ref }) => [ref, reason]));
  }
  return new Map();
}
