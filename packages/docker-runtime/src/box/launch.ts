import { type Argv, oneLine, WsError } from "@ws/workspace-core";

import { exportStatement, quote } from "./quote.ts";

export interface Launch {
  argv: Argv;
  cwd: string;
  environment: Readonly<Record<string, string>>;
  /** Where to leave a record of the process group. */
  groupDirectory?: string;
}

/** What the launcher says, in one line on stderr, before the program takes its place. */
export type Header =
  | { type: "started"; pid: number }
  | { type: "bad_cwd"; why: "missing" | "not_directory" | "denied" }
  | { type: "bad_command"; why: "missing" | "denied" };

/**
 * Shell code that becomes the program: same process, so signals and the exit status are the program's own. It is
 * plain POSIX shell, for images that have nothing else, and relies on being started as a session leader.
 */
export function launchCode(launch: Launch): string {
  const { argv, cwd, environment, groupDirectory } = launch;
  return [
    // What the way in put there is no business of the program's.
    "unset SSH_CLIENT SSH_CONNECTION SSH_TTY SSH2_CLIENT MAIL SHLVL ZDOTDIR XDG_CONFIG_HOME",
    `cd -- ${quote(cwd)} 2>/dev/null || { [ -d ${quote(cwd)} ] && w=denied || { [ -e ${quote(cwd)} ] && w=not_directory || w=missing; }; ${say("bad_cwd $w")}; exit 1; }`,
    "unset OLDPWD",
    ...(groupDirectory === undefined ? [] : [recordGroup(groupDirectory)]),
    findProgram(argv[0], environment["PATH"] ?? DEFAULT_PATH),
    say("started $$"),
    // Last, because a variable such as IFS would change what the lines above mean.
    exportStatement(environment) || ":",
    `exec ${argv.map(quote).join(" ")}`,
  ].join("\n");
}

export interface HeaderReader {
  /** What of this chunk lies behind the header; undefined while it has not come. */
  push(chunk: Uint8Array): Uint8Array | undefined;
  readonly header: Promise<Header>;
  /** What came instead of a header, fit for a message. */
  noise(): string;
}

/** Splits the launcher's line off a stream; what a login shell said before it is dropped. */
export function createHeaderReader(): HeaderReader {
  const found = Promise.withResolvers<Header>();
  // Whoever waits for it has it from there.
  found.promise.catch(() => undefined);
  let seen: Buffer | undefined = Buffer.alloc(0);
  return {
    header: found.promise,
    noise: () => oneLine(seen?.toString("utf8").trim().slice(-500) ?? ""),
    push(chunk) {
      if (seen === undefined) return chunk;
      seen = Buffer.concat([seen, chunk]);
      const start = seen.indexOf(MARK);
      const end = start === -1 ? -1 : seen.indexOf("\n", start);
      if (end === -1) {
        if (seen.length <= LONGEST_NOISE) return undefined;
        found.reject(notStarted(`it said more than ${LONGEST_NOISE} bytes instead`));
        seen = undefined;
        return new Uint8Array();
      }
      const header = parseHeader(seen.toString("latin1", start + MARK.length, end).trim());
      if (header === undefined) found.reject(notStarted("it does not say how far it came"));
      else found.resolve(header);
      const rest = seen.subarray(end + 1);
      seen = undefined;
      return rest;
    },
  };
}

/** The domain's error for a shell that is none: what it says is the workspace's own, so no more is known of it. */
export function notStarted(why: string): WsError<"internal"> {
  return new WsError("internal", { message: `The login shell did not start the program: ${why}`, data: {} });
}

/** The domain's error for a launcher that could not start the program. */
export function launchError(header: Exclude<Header, { type: "started" }>, argv: Argv, cwd: string): WsError {
  if (header.type === "bad_command") {
    const [command] = argv;
    if (header.why === "denied") {
      return new WsError("permission_denied", {
        message: `'${command}' is not an executable file.`,
        next: `Make it executable: chmod +x ${command}`,
        data: { path: command },
      });
    }
    return new WsError("command_not_found", {
      message: `There is no command '${command}' in this workspace.`,
      next: "Check how it is written, or install it in the workspace.",
      data: { command },
    });
  }
  const data = { path: cwd };
  if (header.why === "missing") {
    return new WsError("file_not_found", {
      message: `The directory ${cwd} does not exist.`,
      next: "Name a directory that is there, or make this one first.",
      data,
    });
  }
  if (header.why === "not_directory") {
    return new WsError("not_a_directory", {
      message: `${cwd} is not a directory.`,
      next: "Name the directory it lies in.",
      data,
    });
  }
  return new WsError("permission_denied", {
    message: `The directory ${cwd} cannot be entered.`,
    next: "Name a directory that the user of the workspace may enter.",
    data,
  });
}

/** Startup files say something before the header, but not that much. */
const LONGEST_NOISE = 64 * 1024;
const MARK = "\u0001ws ";
const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Undefined for what no launcher of ours says. */
function parseHeader(line: string): Header | undefined {
  const pid = /^started (\d{1,10})$/.exec(line)?.[1];
  if (pid !== undefined) return { type: "started", pid: Number(pid) };
  return REFUSALS.find(({ type, why }) => line === `${type} ${why}`);
}

const REFUSALS: readonly Exclude<Header, { type: "started" }>[] = [
  { type: "bad_cwd", why: "missing" },
  { type: "bad_cwd", why: "not_directory" },
  { type: "bad_cwd", why: "denied" },
  { type: "bad_command", why: "missing" },
  { type: "bad_command", why: "denied" },
];

function say(text: string): string {
  return `printf "\\001ws %s\\n" "${text}" >&2`;
}

/** The start time beside the number, because numbers are used again. */
function recordGroup(directory: string): string {
  const place = quote(directory);
  return `[ -d ${place} ] || mkdir -p ${place}; read -r s </proc/$$/stat; set -- \${s##*) }; : >${place}/$$.\${20}`;
}

/** As execvp looks, but before: afterwards a missing program and one that exits with 127 look the same. */
function findProgram(command: string, path: string): string {
  const name = quote(command);
  const missing = `${say("bad_command missing")}; exit 1`;
  if (command.includes("/")) {
    const denied = `${say("bad_command denied")}; exit 1`;
    return `[ -e ${name} ] || { ${missing}; }\n{ [ -f ${name} ] && [ -x ${name} ]; } || { ${denied}; }`;
  }
  return [
    `p=${quote(path)}:; f=`,
    `while [ -n "$p" ]; do d=\${p%%:*}; p=\${p#*:}; if [ -f "\${d:-.}"/${name} ] && [ -x "\${d:-.}"/${name} ]; then f=1; break; fi; done`,
    `[ -n "$f" ] || { ${missing}; }`,
  ].join("\n");
}
