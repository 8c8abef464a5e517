import { type ExitStatus, WsError } from "@ws/workspace-core";
import type { ClientChannel } from "ssh2";

import { quote } from "./quote.ts";
import type { Connection } from "./connect.ts";
import { createEnding } from "./ending.ts";
import type { ProcessHost, RawOptions, RawProcess, Sink } from "./process-host.ts";
import { writeTo } from "./stream-writer.ts";

/** Starts /bin/sh on this code in a channel of the connection. */
export async function startOverSsh(
  connection: Connection,
  code: string,
  options: RawOptions,
  box: Pick<ProcessHost, "id" | "closedError">,
): Promise<RawProcess> {
  const variables = asVariables(code, connection.identity.loginShell);
  return openChannel(connection, variables, options, box, (channel) =>
    overChannel(channel, connection, options, box.closedError),
  );
}

/** Has to be called as the channel opens: a short program's whole life may arrive in the same packet. */
function overChannel(
  channel: ClientChannel,
  connection: Connection,
  options: RawOptions,
  closedError: () => WsError,
): RawProcess {
  const finished = Promise.withResolvers<ExitStatus>();
  finished.promise.catch(() => undefined);
  const ending = createEnding();
  let status: ExitStatus | undefined;

  connect(channel, options.stdout);
  connect(channel.stderr, options.stderr);
  const ended = Promise.all([endOf(channel), endOf(channel.stderr)]);
  channel.on("exit", (code: number | null, signal?: string) => {
    status = exitStatus(code, signal);
  });
  channel.on("error", () => undefined);
  const forget = connection.ending.onEnd(() => {
    ending.end();
    finished.reject(closedError());
  });
  channel.on("close", () => {
    ending.end();
    void ended.then(() => {
      forget();
      if (status !== undefined && !connection.isClosed) finished.resolve(status);
      else finished.reject(closedError());
    });
  });

  return {
    exit: finished.promise,
    write: (bytes) => writeTo(channel, bytes, ending),
    endInput: () => void channel.end(),
    resume: (output) => void (output === "stdout" ? channel : channel.stderr).resume(),
    resize: ({ cols, rows }) => channel.setWindow(rows, cols, 0, 0),
    // To the whole process group, and only while sshd has not seen its end.
    kill: () => channel.signal("KILL"),
    release() {
      channel.destroy();
      // What nobody reads any more would keep the channel from closing.
      channel.resume();
      channel.stderr.resume();
    },
  };
}

/**
 * The command is the same for every program: all that is said travels as channel environment, which appears in no
 * argument. The login shell only hands over, so that it may be any shell; a second one is spared where it is sh itself.
 */
function asVariables(code: string, loginShell: string): { command: string; env: Record<string, string> } {
  // A character has up to four bytes in UTF-8, and the kernel takes less than 128 KiB for one variable.
  const parts = code.match(/[\s\S]{1,30000}/gu) ?? [];
  const names = parts.map((_part, index) => `WS_RUN${index}`);
  const script = `c="${names.map((name) => `$${name}`).join("")}"; unset ${names.join(" ")}; eval "$c"`;
  return {
    command: loginShell === "/bin/sh" ? script : `exec /bin/sh -c ${quote(script)}`,
    env: Object.fromEntries(parts.map((part, index) => [`WS_RUN${index}`, part])),
  };
}

async function openChannel(
  connection: Connection,
  { command, env }: { command: string; env: Record<string, string> },
  options: RawOptions,
  { id, closedError }: Pick<ProcessHost, "id" | "closedError">,
  use: (channel: ClientChannel) => RawProcess,
): Promise<RawProcess> {
  if (connection.isClosed) throw closedError();
  const { pty } = options;
  const opened = new Promise<RawProcess>((resolve, reject) => {
    connection.client.exec(
      command,
      { env, ...(pty !== undefined && { pty: { cols: pty.cols, rows: pty.rows, term: "xterm-256color" } }) },
      (error, channel) => (error === undefined ? resolve(use(channel)) : reject(error)),
    );
  });
  const outcome = await connection.ending.until(opened).catch((error: unknown) => {
    if (connection.isClosed) throw closedError();
    // sshd could start nothing, as where what runs there holds all the processes that there may be.
    throw new WsError("box_unavailable", {
      message: "The workspace takes no more programs.",
      next: "End what runs in it, or restart it.",
      data: { workspace: id },
      cause: error,
    });
  });
  if (outcome === "ended") throw closedError();
  return outcome.value;
}

function connect(readable: NodeJS.ReadableStream, sink: Sink): void {
  readable.on("data", (chunk: Buffer) => {
    if (!sink.push(chunk)) readable.pause();
  });
  readable.on("end", () => sink.end());
}

function endOf(readable: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve) => {
    readable.once("end", resolve);
  });
}

function exitStatus(code: number | null, signal?: string): ExitStatus {
  if (signal === undefined) return { code: code ?? 0 };
  const number = SIGNALS[signal];
  // OpenSSH does not say which signal it was where RFC 4254 has no name for it.
  return number === undefined ? { code: 128 } : { code: 128 + number, signal };
}

// The container's numbers, which are Linux's, and not those of the machine that the agent runs on.
const SIGNALS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGABRT: 6,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};
