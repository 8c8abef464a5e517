import { randomBytes } from "node:crypto";

import {
  type Argv,
  type BoxFiles,
  type BoxProcess,
  type Clock,
  type FileStat,
  inTime,
  type RunOptions,
  throwIfAborted,
  WsError,
} from "@ws/workspace-core";

import { isEntryName } from "./entry-name.ts";
import { diskFull, fileNotFound, notADirectory, notAFile, permissionDenied } from "./file-errors.ts";

/** Files by shell scripts, for containers with nothing better: correct, and some fifty times slower than SFTP. */
export function createExecFiles(
  run: (argv: Argv, options: RunOptions) => Promise<BoxProcess>,
  clock: Pick<Clock, "sleep">,
): BoxFiles {
  async function start(code: string, args: readonly string[], options: RunOptions): Promise<BoxProcess> {
    throwIfAborted(options.signal);
    return run(["/bin/sh", "-c", `${PRELUDE}${code}`, "sh", ...args], { cwd: "/", ...options });
  }

  async function script(path: string, code: string, args: readonly string[], options: RunOptions): Promise<Buffer> {
    const leaving = new AbortController();
    const signals = options.signal === undefined ? [leaving.signal] : [leaving.signal, options.signal];
    const started = await start(code, args, { ...options, signal: AbortSignal.any(signals) });
    const output: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of started.stdout) {
      length += chunk.length;
      if (length > LONGEST_ANSWER) {
        leaving.abort();
        throw unanswered(path, `more than ${LONGEST_ANSWER} bytes`);
      }
      output.push(chunk);
    }
    await check(started, path);
    return Buffer.concat(output);
  }

  /** What is begun here is finished, whatever the caller wants; but of a workspace that does not answer nobody waits for it. */
  async function settle(path: string, code: string, args: readonly string[]): Promise<void> {
    const late = (): Error => unsettled(path);
    await inTime(clock, { ms: SETTLE_MS, late }, (signal) => script(path, code, args, { signal }));
  }

  const abortable = (signal?: AbortSignal): RunOptions => (signal === undefined ? {} : { signal });

  return {
    stat: async (path, signal) => toStat(path, (await script(path, STAT, [path], abortable(signal))).toString()),
    async list(path, signal) {
      const output = await script(path, LIST, [path], abortable(signal));
      const fields = output.toString().split("\0");
      return fields
        .slice(0, -1)
        .map((field) => {
          const end = field.indexOf("\n");
          return { name: field.slice(end + 1), ...toStat(`${path}/${field.slice(end + 1)}`, field.slice(0, end)) };
        })
        .filter(({ name }) => isEntryName(name))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async *read(path, { offset = 0, length = Infinity, signal } = {}) {
      // `head` may not take more than it can count.
      const limit = length === Infinity ? "" : String(length);
      const started = await start(READ, [path, String(offset + 1), limit], abortable(signal));
      for await (const chunk of started.stdout) yield chunk;
      await check(started, path);
    },
    async write(path, content, { mode, signal } = {}) {
      const slash = path.lastIndexOf("/");
      const temporary = `${path.slice(0, slash + 1)}.ws-${randomBytes(9).toString("base64url")}`;
      try {
        await script(path, FILL, [path, temporary], { stdin: content, ...abortable(signal) });
        throwIfAborted(signal);
        await settle(path, REPLACE, [path, temporary, mode?.toString(8) ?? ""]);
      } catch (error) {
        await settle(path, 'rm -f -- "$1"', [temporary]).catch(() => undefined);
        throw error;
      }
    },
    mkdir: async (path, signal) => void (await script(path, MKDIR, [path], abortable(signal))),
    rename: async (from, to, signal) => {
      await script(from, STAT, [from], abortable(signal));
      await script(to, RENAME, [to, from], abortable(signal));
    },
    remove: async (path, signal) => void (await script(path, REMOVE, [path], abortable(signal))),
  };
}

const SETTLE_MS = 10_000;

function unsettled(path: string): WsError<"timeout"> {
  return new WsError("timeout", {
    message: `The workspace did not put ${path} in its place within ${SETTLE_MS / 1_000} s.`,
    next: "See what the workspace is busy with, or restart it.",
    data: { afterMs: SETTLE_MS },
  });
}

/** Some hundred thousand entries of a directory. */
const LONGEST_ANSWER = 16 * 1024 * 1024;

/** The workspace's own shell and programs answer, which may be anything. */
function unanswered(path: string, what: string): WsError<"internal"> {
  return new WsError("internal", { message: `The workspace answered with ${what} about ${path}.`, data: {} });
}

const NOT_FOUND = 40;
const NOT_A_DIRECTORY = 41;
const DENIED = 42;
const NOT_A_FILE = 43;
const FULL = 44;

/** why PATH: leaves with what is wrong with it, as far as looking at it tells. */
const PRELUDE = `
there() { [ -e "$1" ] || [ -L "$1" ]; }
why() {
  p=$1
  while ! there "$p"; do q=\${p%/*}; [ "$q" != "$p" ] || break; p=\${q:-/}; done
  if [ "$p" != "$1" ]; then
    [ -d "$p" ] || exit ${NOT_A_DIRECTORY}
    [ -x "$p" ] || exit ${DENIED}
    [ -z "$2" ] || [ -w "$p" ] || exit ${DENIED}
    exit ${NOT_FOUND}
  fi
  exit ${DENIED}
}
exec 2>/dev/null
`;
const STAT = 'there "$1" || why "$1"; stat -c "%f %s %Y" -- "$1"';
const LIST = `there "$1" || why "$1"; [ -d "$1" ] || exit ${NOT_A_DIRECTORY}
cd -- "$1" && [ -r . ] || exit ${DENIED}
for f in * .*; do case $f in .|..) continue;; esac; there "$f" || continue
stat -c "%f %s %Y" -- "./$f" && printf "%s\\0" "$f"; done; :`;
const READ = `[ -e "$1" ] || why "$1"; [ -f "$1" ] || exit ${NOT_A_FILE}; [ -r "$1" ] || exit ${DENIED}
if [ "$2" = 1 ]; then exec <"$1"; else tail -c "+$2" -- "$1" | { [ -n "$3" ] && head -c "$3" || cat; }; exit 0; fi
if [ -n "$3" ]; then head -c "$3"; else cat; fi; exit 0`;
const FILL = `[ ! -d "$1" ] || [ -L "$1" ] || exit ${NOT_A_FILE}
d=\${1%/*}; umask 077
d=\${d:-/}; true >"$2" || { there "$d" || why "$d"; [ -d "$d" ] || exit ${NOT_A_DIRECTORY}; exit ${DENIED}; }
cat >"$2" || exit ${FULL}`;
const REPLACE = `m=$3; [ -n "$m" ] || { [ -f "$1" ] && [ ! -L "$1" ] && m=$(stat -c %a -- "$1"); }
chmod "\${m:-644}" "$2" && mv -fT -- "$2" "$1" || exit ${DENIED}`;
const MKDIR = `mkdir -p -- "$1" && exit 0; [ -d "$1" ] && exit 0; there "$1" && exit ${NOT_A_DIRECTORY}; why "$1" w`;
const RENAME = `mv -fT -- "$2" "$1" && exit 0; d=\${1%/*}; there "\${d:-/}" || why "\${d:-/}"; why "$2"`;
const REMOVE = `rm -rf -- "$1"; there "$1" || exit 0; exit ${DENIED}`;

async function check(started: BoxProcess, path: string): Promise<void> {
  const { code } = await started.exit;
  if (code === 0) return;
  if (code === NOT_FOUND) throw fileNotFound(path);
  if (code === NOT_A_DIRECTORY) throw notADirectory(path);
  if (code === DENIED) throw permissionDenied(path);
  if (code === NOT_A_FILE) throw notAFile(path);
  if (code === FULL) throw diskFull();
  throw new WsError("internal", { message: `The file ${path} could not be used (exit code ${code}).`, data: {} });
}

/** From `stat -c '%f %s %Y'`: the raw mode in hexadecimal, the size, the time in seconds. */
function toStat(path: string, line: string): FileStat {
  const fields = /^([0-9a-f]{1,8}) (\d{1,20}) (-?\d{1,20})$/.exec(line.trim());
  if (fields === null) throw unanswered(path, "no numbers");
  const [, raw = "", size, modified] = fields;
  const mode = Number.parseInt(raw, 16);
  return {
    type: TYPES[mode & 0o170000] ?? "other",
    size: Number(size),
    mode: mode & 0o7777,
    modifiedAt: Number(modified) * 1_000,
  };
}

const TYPES: Readonly<Record<number, FileStat["type"]>> = {
  0o100000: "file",
  0o040000: "directory",
  0o120000: "symlink",
};
