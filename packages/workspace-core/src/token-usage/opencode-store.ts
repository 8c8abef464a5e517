import { throwIfAborted } from "../aborted.ts";
import type { Argv, Box } from "../box.ts";
import type { ConfinedFiles } from "../confined.ts";
import { lines } from "../lines.ts";
import { at, countAt, listAt, parseLine, sessionAt, textAt } from "../tasks/agents/json.ts";
import { isGone } from "./log-files.ts";
import { believed, type FoundUsage, type UsageEntry } from "./usage-entry.ts";
import type { LogCursor, UsageBatch } from "./usage-log.ts";

/** Its name among the cursors: no path of a log's. */
export const OPENCODE_LOG = "opencode.db";
const TOOL = "opencode";
const ROWS = 1_000;
const MOST_RUNS = 200;
const LONGEST_ROW = 4_096;

/**
 * OpenCode keeps its conversations in a database of SQLite. It is read where it lies, by a program of the workspace's own: no library of the worker's
 * opens a file that somebody in a workspace has written.
 */
const READ = `
if command -v python3 >/dev/null; then
  exec python3 -I -c 'import sqlite3, sys, urllib.parse
store = sqlite3.connect("file:" + urllib.parse.quote(sys.argv[1]) + "?mode=ro", uri=True, timeout=5)
for row in store.execute(sys.argv[2]): print(row[0])' "$1" "$2"
fi
if command -v sqlite3 >/dev/null; then exec sqlite3 -readonly -batch "$1" "$2"; fi
exec opencode db "$2"
`;

/** What was read, up to which change; and what the files looked like then. */
interface State {
  updated: number;
  id: string;
  versions: string;
}

/** What is new in OpenCode's database; `directory` is where it keeps its data, below the home. */
export async function* readOpencode(options: {
  box: Pick<Box, "run" | "home">;
  files: ConfinedFiles;
  directory: string;
  env: Readonly<Record<string, string>>;
  cursor: LogCursor | undefined;
  now: () => number;
  signal: AbortSignal;
}): AsyncGenerator<UsageBatch, void> {
  const { box, files, directory, env, cursor, now, signal } = options;
  const database = `${directory}/opencode.db`;
  const versions = await versionsOf(files, database, signal);
  let state = readState(cursor?.state);
  // Nothing is started for what is not there, or has not changed.
  if (versions === undefined || versions === state.versions) return;
  for (let run = 0; run < MOST_RUNS; run += 1) {
    const { entries, last, count } = await readRows(box, { path: `${box.home}/${database}`, state, env, now, signal });
    const isLast = count < ROWS;
    state = { ...(last ?? state), versions: isLast ? versions : "" };
    yield { entries, cursor: { log: OPENCODE_LOG, offset: 0, state: JSON.stringify(state) } };
    if (isLast) return;
  }
}

/** Also of the file beside it with what was written last. */
async function versionsOf(files: ConfinedFiles, database: string, signal: AbortSignal): Promise<string | undefined> {
  const of = async (path: string): Promise<string> => {
    try {
      const { type, version } = await files.stat(path, { signal });
      return type === "file" ? version : "";
    } catch (error) {
      if (!isGone(error)) throw error;
      return "";
    }
  };
  const main = await of(database);
  return main === "" ? undefined : `${main} ${await of(`${database}-wal`)}`.slice(0, 300);
}

async function readRows(
  box: Pick<Box, "run">,
  {
    path,
    state,
    env,
    now,
    signal,
  }: { path: string; state: State; env: Readonly<Record<string, string>>; now: () => number; signal: AbortSignal },
): Promise<{ entries: UsageEntry[]; last?: Pick<State, "updated" | "id">; count: number }> {
  const argv: Argv = ["sh", "-c", READ, "sh", path, queryOf(state)];
  const process = await box.run(argv, { env, signal, group: "usage" });
  const entries: UsageEntry[] = [];
  let last: Pick<State, "updated" | "id"> | undefined;
  let count = 0;
  for await (const line of lines(process.stdout, { longest: LONGEST_ROW, tooLong: "left out" })) {
    const row = listAt(parseLine(line), "row");
    const [id, , updated] = row;
    if (typeof id !== "string" || !ID.test(id) || typeof updated !== "number" || !Number.isSafeInteger(updated))
      continue;
    count += 1;
    // It prints what it likes, as much as it likes.
    if (count > ROWS) break;
    last = { updated, id };
    const entry = believed(foundOf(row), now());
    if (entry !== undefined) entries.push(entry);
  }
  throwIfAborted(signal);
  return { entries, count: Math.min(count, ROWS), ...(last === undefined ? {} : { last }) };
}

const ID = /^[A-Za-z0-9_-]{1,100}$/;

function queryOf({ updated, id }: State): string {
  const of = (path: string): string => `json_extract(data, '$.${path}')`;
  const columns = [
    "id",
    "session_id",
    "time_updated",
    of("time.created"),
    of("providerID"),
    of("modelID"),
    of("tokens.input"),
    of("tokens.output"),
    of("tokens.reasoning"),
    of("tokens.cache.read"),
    of("tokens.cache.write"),
    of("cost"),
  ].join(", ");
  return `SELECT json_object('row', json_array(${columns})) FROM message WHERE (time_updated, id) > (${updated}, '${id}') AND json_valid(data) AND ${of("role")} = 'assistant' ORDER BY time_updated, id LIMIT ${ROWS}`;
}

/** What it thought is not part of its output. */
function foundOf(row: readonly unknown[]): FoundUsage {
  const cells = Object.fromEntries(row.entries());
  const count = (index: number): number => countAt(cells, String(index)) ?? 0;
  const session = sessionAt(cells, "1");
  const provider = textAt(cells, "4");
  const model = textAt(cells, "5");
  const reasoning = count(8);
  const cost = at(cells, "11");
  return {
    key: sessionAt(cells, "0"),
    tool: TOOL,
    model: provider === undefined || model === undefined ? model : `${provider}/${model}`,
    at: count(3),
    ...(session === undefined ? {} : { session }),
    counts: {
      input: count(6),
      output: count(7) + reasoning,
      cacheRead: count(9),
      cacheWrite: count(10),
      cacheWriteLong: 0,
    },
    reasoning,
    // Of a model whose price it does not know it says nothing, too.
    ...(typeof cost === "number" && cost > 0 ? { toldCost: cost } : {}),
  };
}

function readState(known: string | undefined): State {
  const value = parseLine(known ?? "");
  const id = textAt(value, "id") ?? "";
  const updated = countAt(value, "updated") ?? 0;
  return {
    updated: Number.isSafeInteger(updated) ? updated : 0,
    id: ID.test(id) ? id : "",
    versions: textAt(value, "versions") ?? "",
  };
}
