import { CLOSE, EXEC_STREAM, UNACKED_LIMIT, type ExecClientFrame, type ExecServerFrame } from "@ws/rpc-contract/frames";
import {
  type Argv,
  type BoxProcess,
  type ByteSource,
  type ProcessSignal,
  type RunOptions,
  toWsError,
  type WsError,
} from "@ws/workspace-core";
import type { RawData, WebSocket } from "ws";
import { parseExecFrame } from "./client-frames.ts";
import { createCredit } from "../sockets/credit.ts";
import type { ReportFailure } from "./failure.ts";
import { createInput } from "../sockets/input.ts";
import { createSocketWriter } from "../sockets/socket-writer.ts";

/** What became of a command: `ok` with the code that it ended with, or why there is none. */
export interface ExecEnd {
  outcome: string;
  exitCode?: number;
  command: readonly string[];
  cwd?: string;
  env?: Readonly<Record<string, string>>;
}

export interface ExecSocketOptions {
  socket: WebSocket;
  /** Whether the handshake has said who this is. */
  known: boolean;
  /** Judges a token that came as the first message; what is returned is what to close with. */
  authenticate: (token: string) => { close: number; reason: string } | undefined;
  run: (argv: Argv, options: RunOptions) => Promise<BoxProcess>;
  report: ReportFailure;
  now: () => number;
  /** Called once, with what became of the command. */
  over: (end: ExecEnd) => void;
}

/** Serves one command over one socket: the client's going away ends the command and all that it started. */
export function serveExec(options: ExecSocketOptions): void {
  const { socket, authenticate, run } = options;
  const writer = createSocketWriter(socket);
  const credit = createCredit(UNACKED_LIMIT, options.now);
  const gone = new AbortController();
  const input = createInput(writer.acknowledge);
  let known = options.known;
  let started = false;
  let running: BoxProcess | undefined;
  let unstarted: ProcessSignal | undefined;
  const onTheWay = new Set<ProcessSignal>();

  function say(frame: ExecServerFrame): void {
    writer.text(frame);
  }

  socket.on("message", (data: RawData, binary: boolean) => {
    // One that is being closed may still send; nothing begins for it any more.
    if (socket.readyState !== socket.OPEN) return;
    const bytes = data as Buffer;
    if (!binary) return onFrame(parseExecFrame(bytes.toString()));
    if (!started || bytes[0] !== EXEC_STREAM.stdin) return socket.close(CLOSE.protocol, "unexpected bytes");
    // The client keeps to what was acknowledged; one that does not would fill our memory.
    if (!input.push(bytes.subarray(1))) socket.close(CLOSE.protocol, "more input than was acknowledged");
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    gone.abort();
    credit.close();
    input.end();
  });

  function onFrame(frame: ExecClientFrame | undefined): void {
    if (frame === undefined) return socket.close(CLOSE.protocol, "not a frame of this protocol");
    if (frame.type === "auth") {
      const refusal = known ? undefined : authenticate(frame.token);
      if (refusal !== undefined) return socket.close(refusal.close, refusal.reason);
      known = true;
    } else if (!known) socket.close(CLOSE.unauthorized, "missing");
    else if (frame.type === "start" && !started) {
      started = true;
      void serve(frame);
    } else if (frame.type === "stdin_end") input.end();
    else if (frame.type === "ack") credit.repay(frame.bytes);
    else if (frame.type === "signal") passOn(frame.signal);
    else socket.close(CLOSE.protocol, "unexpected frame");
  }

  function passOn(name: ProcessSignal): void {
    if (running === undefined) {
      unstarted ??= name;
      return gone.abort();
    }
    // One that is under way stands for those that come meanwhile, as the kernel has it.
    if (onTheWay.has(name)) return;
    onTheWay.add(name);
    const arrived = (): void => void onTheWay.delete(name);
    // Where it cannot be sent any more, the command's exit says why.
    running.signal(name).then(arrived, arrived);
  }

  async function serve({ command, cwd, env }: Extract<ExecClientFrame, { type: "start" }>): Promise<void> {
    const over = (end: Pick<ExecEnd, "outcome" | "exitCode">): void =>
      options.over({
        ...end,
        command,
        ...(cwd === undefined ? {} : { cwd }),
        ...(env === undefined ? {} : { env }),
      });
    try {
      const process = await run(command as unknown as Argv, {
        stdin: input.source,
        signal: gone.signal,
        ...(cwd === undefined ? {} : { cwd }),
        ...(env === undefined ? {} : { env }),
      });
      running = process;
      say({ type: "started" });
      // Marked as handled at once: it may fail while the outputs are still being sent.
      process.exit.catch(() => undefined);
      await Promise.all([forward(process.stdout, EXEC_STREAM.stdout), forward(process.stderr, EXEC_STREAM.stderr)]);
      const { code, signal } = await process.exit;
      say({ type: "exit", code, ...(signal === undefined ? {} : { signal }) });
      over({ outcome: "ok", exitCode: code });
    } catch (error) {
      fail(toWsError(error), over);
    } finally {
      input.end();
      socket.close(CLOSE.normal);
    }
  }

  function fail(error: WsError, over: (end: Pick<ExecEnd, "outcome" | "exitCode">) => void): void {
    const { code } = error;
    if (code === "aborted" && unstarted !== undefined) {
      say({ type: "exit", code: ENDED_BY[unstarted], signal: unstarted });
      return over({ outcome: unstarted, exitCode: ENDED_BY[unstarted] });
    }
    say({ type: "error", ...options.report(error) });
    over({ outcome: code });
  }

  async function forward(source: ByteSource, stream: number): Promise<void> {
    for await (const chunk of source) {
      if (!(await credit.room())) continue;
      credit.spend(chunk.length);
      await writer.bytes(Buffer.concat([Buffer.of(stream), chunk]));
    }
  }
}

/** The exit codes of what a signal ended. */
const ENDED_BY = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
