import {
  connectTerminal,
  systemTimers,
  type Problem,
  type Refusal,
  type TerminalSink,
  type TerminalState,
} from "@ws/rpc-contract/terminal-client";
import type { Context } from "../context.ts";
import { nudgedConnection } from "../following/nudged-connection.ts";
import { CliError, EXIT, exitFor, toCliError } from "../errors.ts";
import { given } from "../given.ts";
import { isGone } from "../if-exists.ts";
import type { Io } from "../io.ts";
import { printable } from "../output/printable.ts";
import { credentialsNews } from "./credentials-news.ts";
import { dialSocket } from "./open-socket.ts";
import { createPrinted, ERASED } from "./printed.ts";
import { nothingToWatch, shellCommand, type ShellAsked } from "./shell-command.ts";
import { createScreenModes, type ScreenModes } from "./screen-modes.ts";
import { createSlowLink } from "./slow-link.ts";
import { counted } from "../output/counted.ts";

/** Ctrl-], as telnet has it: leaves without ending the program. */
const LEAVE = 0x1d;
/** The rest of a large paste stays where it is until the terminal has taken what came before. */
const PASTED = 1024 * 1024;

type Ending =
  | { type: "exit"; code: number; reason: string | undefined }
  | { type: "left" }
  | { type: "refused"; error: CliError };

/**
 * Joins this terminal to a workspace's. A lost connection is taken up again where it broke, for as long as it takes; what
 * is typed meanwhile is not sent. Resolves to the exit code of the program, or 0 when left with Ctrl-].
 */
export async function attachTerminal(
  context: Context,
  name: string,
  { terminal, readOnly = false, sshAgent = false, command }: ShellAsked & { command?: string[] },
): Promise<number> {
  const { io } = context;
  const { client, target } = await context.connect();
  const modes = createScreenModes();
  const printed = createPrinted();
  const ending = Promise.withResolvers<Ending>();
  using news = credentialsNews(client, name);
  let hasStood = false;
  let isReached = false;
  let told = "";
  /** What prints the row again on which it is told that the connection is lost. */
  let covered = ERASED;

  const refuse = (error: CliError): void => ending.resolve({ type: "refused", error });
  const understand = (state: TerminalState): void => {
    output.reset();
    switch (state.kind) {
      case "attached":
        if (!hasStood && state.readOnly === true) context.hint("[you are watching; Ctrl-] leaves]\r");
        hasStood = true;
        news.listen();
        if (told !== "") io.stderr.write(covered);
        told = "";
        return;
      case "connecting":
      case "reconnecting":
        // Ctrl-] has to be heard.
        io.stdin.resume();
        if (isReached) tell(state.problem?.message ?? (hasStood ? "connection lost" : "no answer yet"));
        return;
      case "ended":
        return ending.resolve({ type: "exit", code: state.exitCode ?? 0, reason: state.reason });
      case "refused":
        return refuse(
          readOnly && state.problem?.code === "terminal_not_found"
            ? nothingToWatch(name, terminal)
            : refused(name, state.refusal, state.problem),
        );
    }
  };
  const tell = (why: string): void => {
    if (told === "") {
      covered = ERASED;
      const at = size();
      printed.row(at).then(
        (row) => (size().cols === at.cols ? (covered = row) : undefined),
        () => undefined,
      );
    }
    const notice = `[${printable(why).replace(/\.$/, "")}; trying again; Ctrl-] leaves]`;
    // It is one row that is covered, and no line's end may move it.
    if (why !== told) io.stderr.write(`${ERASED}${notice.slice(0, size().cols - 1)}\r`);
    told = why;
  };
  const size = (): { cols: number; rows: number } => sizeOf(io);

  const output = createSlowLink({
    size,
    isAlternate: modes.isAlternate,
    timers: systemTimers,
    write: (bytes, written) => void io.stdout.write(bytes, written),
  });
  const restoreTerminal = io.passThrough();
  const connection = connectTerminal({
    // Every key is the terminal's, and ends a wait as it is.
    connection: nudgedConnection({ ...io, isForeground: () => false }),
    open() {
      const { socket, opened } = dialSocket(target, `/terminal/${encodeURIComponent(name)}`);
      opened.then(
        () => (isReached = true),
        (error: unknown) => {
          const failure = toCliError(error);
          // Only a worker that once answered is worth waiting for.
          if (!isReached || failure.exit === EXIT.denied) refuse(failure);
        },
      );
      return socket;
    },
    terminal,
    ...given({ command }),
    create: !readOnly,
    readOnly,
    size,
    sink: sinkOf(io, [modes, printed], output.write),
    onState: understand,
    onSkipped: (bytes) => context.hint(`[${counted(bytes, "byte")} omitted]\r`),
    onLost: (bytes) => context.hint(`[${counted(bytes, "byte")} that you typed may not have arrived]\r`),
    onTaken(offset) {
      output.taken(offset);
      if (connection.waiting() < PASTED) io.stdin.resume();
    },
  });
  const onInput = (bytes: Buffer<ArrayBuffer>): void => {
    const leave = bytes.indexOf(LEAVE);
    const typed = leave === -1 ? bytes : bytes.subarray(0, leave);
    if (typed.length > 0 && connection.send(typed)) output.typed(typed.toString(), connection.typed());
    if (connection.state().kind === "attached" && connection.waiting() >= PASTED) io.stdin.pause();
    if (leave !== -1) ending.resolve({ type: "left" });
  };
  const offResize = io.onResize(() => {
    output.resized();
    connection.resize(size());
  });
  io.stdin.on("data", onInput);

  const end = await ending.promise;
  offResize();
  io.stdin.off("data", onInput);
  output.reset();
  restoreTerminal();
  io.stdin.destroy();
  connection.close();
  io.stdout.write(modes.giveBack());
  if (end.type === "refused") throw end.error;
  if (news.heard()) {
    context.hint("[the worker's credentials have changed; what began before has the old ones, a new terminal the new]");
  }
  if (end.type === "left") {
    // Nobody waits long for a hint.
    const known = client.workspaces.get({ name }, { signal: AbortSignal.timeout(1_000) });
    const again = shellCommand(name, { terminal, readOnly, sshAgent });
    const next = (await isGone(known)) ? `'${name}' has another name now: ws list` : `go on with: ${again}`;
    context.hint(`[left; ${next}]`);
    return EXIT.ok;
  }
  context.hint(`[exited ${end.code}${end.reason === undefined ? "" : `: ${end.reason}`}]`);
  return end.code;
}

/** A terminal that nobody gave a size says 0. */
function sizeOf({ stdout }: Io): { cols: number; rows: number } {
  return { cols: stdout.columns || 80, rows: stdout.rows || 24 };
}

function sinkOf(
  io: Io,
  watching: readonly Pick<ScreenModes, "saw">[],
  print: ReturnType<typeof createSlowLink>["write"],
): TerminalSink {
  const write = (bytes: Uint8Array, written: () => void): void => {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const each of watching) each.saw(piece);
    print(piece, written);
  };
  const clear = (): void => write(Buffer.from(freshScreen(sizeOf(io).rows)), () => undefined);
  return {
    write,
    repaint(bytes, written) {
      clear();
      write(bytes, written);
    },
    reset: clear,
    // The size of this terminal is its user's.
    resized: () => undefined,
  };
}

/**
 * An empty screen to paint on. What stood there is scrolled off rather than erased, so that it stays where the user
 * scrolls back to; nothing else than an empty screen agrees with the program about where the cursor is.
 */
function freshScreen(rows: number): string {
  return `\u001b[?1049l\u001b[!p\u001b[${rows};1H${"\n".repeat(rows)}\u001b[H`;
}

function said({ code, message, next }: Problem): CliError {
  return new CliError(code, message, { exit: exitFor(code), ...(next === undefined ? {} : { next }) });
}

function refused(name: string, refusal: Refusal, problem: Problem | undefined): CliError {
  if (problem !== undefined) return said(problem);
  switch (refusal) {
    case "not_running":
      return new CliError("workspace_not_running", `'${name}' is not running.`, {
        next: `Start it: ws start ${name}.`,
      });
    case "not_found":
      return new CliError("workspace_not_found", `There is no workspace '${name}'.`, { exit: EXIT.notFound });
    case "protocol":
      return new CliError("protocol_error", "The worker does not understand this client.", {
        next: "Use one version on both sides: 'ws --version' here, 'ws info' for the worker.",
      });
    case "failed":
      return new CliError("terminal_failed", `The worker could not open a terminal of '${name}'.`, {
        next: "See why in the agent's log, or try again.",
      });
    case "unauthorized":
    case "forbidden":
      return new CliError("unauthorized", "The worker refused this token.", {
        next: "Pair again: 'ws pair' on the worker, and here what it shows. For a script, make another token there: ws token create NAME.",
        exit: EXIT.denied,
      });
  }
}
