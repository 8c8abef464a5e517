import { throwIfAborted } from "../aborted.ts";
import type { Box } from "../box.ts";
import type { Log } from "../ports.ts";
import type { WorkspaceRecord } from "../workspace.ts";
import { CLAUDE_LOGS } from "./claude-log.ts";
import { CODEX_LOGS } from "./codex-log.ts";
import { readLogFiles } from "./log-files.ts";
import { readOpencode } from "./opencode-store.ts";
import type { UsageBatch, UsageLog } from "./usage-log.ts";

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
  const ways: [string, AsyncGenerator<UsageBatch, void>][] = [CLAUDE_LOGS, CODEX_LOGS].map((kind) => [
    kind.tool,
    readLogFiles({ files, kind, directory: directoryOf(kind, { box, env }), cursors, now, signal }),
  ]);
  const directory = directoryOf(OPENCODE, { box, env });
  const cursor = cursors.get("opencode.db");
  ways.push(["opencode", readOpencode({ box, files, directory, env, cursor, now, signal })]);
  for (const [tool, batches] of ways) {
    try {
      for await (const batch of batches) usage.take(record, batch);
    } catch (error) {
      throwIfAborted(signal);
      log.debug("what a coding tool wrote of its use could not be read", { workspace: record.name, tool, error });
    }
  }
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
