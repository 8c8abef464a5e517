import { throwIfAborted } from "../aborted.ts";
import { isWsError } from "../errors.ts";
import type { TextRead } from "../files/read-text.ts";
import { inTurn } from "../in-turn.ts";
import type { FetchSettings } from "./fetch.ts";

/** One file as a pipeline takes it. */
export interface Packet {
  /** The workspace's name. */
  repo: string;
  path: string;
  /** The commit that is checked out; absent before the first one. */
  commit?: string;
  /** Bytes. */
  size: number;
  content: string;
}

/** What became of the files that were looked at. */
export interface PacketSummary {
  packets: number;
  /** Left out: what is no text, what is larger than a read takes, what the policy hides. */
  skipped: { binary: number; tooLarge: number; hidden: number };
  /** Whether there are more files than were asked for at most. */
  truncated: boolean;
}

/** Where packets come from, of one workspace and behind its policy. */
export interface PacketSource {
  /** The commit that is checked out. */
  head(): Promise<string | undefined>;
  /** Files that git knows or would add; only those that differ from a commit where one is named. */
  names(since?: string): Promise<{ paths: readonly string[]; hidden: number; truncated: boolean }>;
  mayRead(path: string): boolean;
  /** Throws as a read of the workspace's files does. */
  read(path: string): Promise<TextRead>;
}

/** So many files are read ahead of the one that is told: each costs a round trip to the workspace. */
const AHEAD = 4;
/** Where nobody says how many. */
const MOST = 1_000;

/**
 * Each text file that the settings and the policy name, by path; returns what was left out. The source is narrowed to
 * the settings' paths and globs already, as rules of its policy.
 */
export async function* fetchPackets(
  source: PacketSource,
  { repo, max_files: most = MOST, since_commit: since }: Pick<FetchSettings, "repo" | "max_files" | "since_commit">,
  signal?: AbortSignal,
): AsyncGenerator<Packet, PacketSummary> {
  const [commit, { paths, hidden, truncated }] = await Promise.all([source.head(), source.names(since)]);
  const readable = paths.filter((path) => source.mayRead(path)).sort(byText);
  const skipped = { binary: 0, tooLarge: 0, hidden: hidden + paths.length - readable.length };
  let packets = 0;
  const readOf = async (path: string): Promise<{ path: string; read: Read }> => ({
    path,
    read: await readOne(source, path),
  });
  for await (const { path, read } of inTurn(readable, readOf, { most: AHEAD })) {
    throwIfAborted(signal);
    if (read === undefined) continue;
    if (read === "hidden" || read === "tooLarge") skipped[read] += 1;
    else if (read.binary) skipped.binary += 1;
    else if (packets === most) return { packets, skipped, truncated: true };
    else {
      packets += 1;
      yield { repo, path, ...(commit === undefined ? {} : { commit }), size: read.size, content: read.content };
    }
  }
  return { packets, skipped, truncated };
}

type Read = TextRead | "hidden" | "tooLarge" | undefined;

/** Undefined for what is no file by now, such as one that was deleted and not committed. */
async function readOne(source: PacketSource, path: string): Promise<Read> {
  try {
    return await source.read(path);
  } catch (error) {
    if (isWsError(error, "file_too_large")) return "tooLarge";
    if (isWsError(error, "path_not_allowed") || isWsError(error, "permission_denied")) return "hidden";
    const gone = ["file_not_found", "not_a_regular_file", "is_a_directory", "not_a_directory", "path_traversal"];
    if (isWsError(error) && gone.includes(error.code)) return undefined;
    throw error;
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
