import { throwIfAborted } from "../aborted.ts";
import type { Box } from "../box.ts";
import type { Log } from "../ports.ts";
import type { WorkspaceRecord } from "../workspace.ts";
import { CLAUDE_LOGS } from "./claude-log.ts";
import { CODEX_LOGS } from "./codex-log.ts";
import { findLogs, type FoundLogs, readLogFiles } from "./log-files.ts";
import type { LogKind } from "./log-reader.ts";
import { OPENCODE_LOG, readOpencode } from "./opencode-store.ts";
import type { LogCursor, UsageBatch, UsageLog } from "./usage-log.ts";

const KINDS = [CLAUDE_LOGS, CODEX_LOGS] as const;

const OPENCODE = { directory: ".local/share/opencode", variable: { name: "XDG_DATA_HOME", below: "opencode" } };

/**
 * Takes in what coding tools have written down of their use in a workspace since the last time. What its processes do meanwhile is theirs: nothing that
 * lies in it makes this throw but a lost channel, or the end of the signal.
 */
export async function readUsage(options: {
  record: WorkspaceRecord;
  box: Box;
  env: Readonly<Record<string, string>>;
  usage: UsageLog;
  now: () => number;
  log: Log;
  signal: AbortSignal;
}): Promise<void> {
  const { record, box, env, usage, now, log, signal } = options;
  const files = box.within(box.home);
  const cursors = usage.cursors(record.id);
  const attempt = async <T>(tool: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      throwIfAborted(signal);
      log.debug("what a coding tool wrote of its use could not be read", { workspace: record.name, tool, error });
      return undefined;
    }
  };
  const take = async (batches: AsyncIterable<UsageBatch>): Promise<void> => {
    for await (const batch of batches) usage.take(record, batch);
  };

  const found = new Map<LogKind, FoundLogs>();
  for (const kind of KINDS) {
    const all = await attempt(kind.tool, () => findLogs(files, directoryOf(kind, { box, env }), kind, signal));
    if (all !== undefined) found.set(kind, all);
  }
  // Before new ones are read: a workspace that makes logs without end has no more of them known than there are.
  usage.forget(record.id, goneOf(cursors, [...found.values()]));
  for (const [kind, { files: logs }] of found) {
    await attempt(kind.tool, () => take(readLogFiles({ files, kind, logs, cursors, now, signal })));
  }
  const directory = directoryOf(OPENCODE, { box, env });
  const cursor = cursors.get(OPENCODE_LOG);
  await attempt("opencode", () => take(readOpencode({ box, files, directory, env, cursor, now, signal })));
}

/** The logs that are there no more; none where not all that there are were looked at. */
function goneOf(cursors: ReadonlyMap<string, LogCursor>, found: readonly FoundLogs[]): string[] {
  if (found.length < KINDS.length || found.some(({ isWhole }) => !isWhole)) return [];
  const there = new Set([OPENCODE_LOG, ...found.flatMap(({ files }) => files.map(({ path }) => path))]);
  return [...cursors.keys()].filter((log) => !there.has(log));
}

/** Where its variable says, if that lies below the home; what lies elsewhere is not looked for. */
function directoryOf(
  { directory, variable }: { directory: string; variable: { name: string; below: string } },
  { box, env }: { box: Pick<Box, "home">; env: Readonly<Record<string, string>> },
): string {
  const said = env[variable.name];
  const prefix = `${box.home}/`;
  if (said === undefined || !said.startsWith(prefix)) return directory;
  const path = said
    .slice(prefix.length)
    .split("/")
    .filter((part) => part !== "" && part !== ".");
  return path.includes("..") ? directory : [...path, variable.below].join("/");
}
