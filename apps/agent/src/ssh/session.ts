import { isWsError, LOGIN_SHELL, type Argv, type ExitStatus, type TerminalSize, type WayIn } from "@ws/workspace-core";
import type { AcceptConnection, ServerChannel, Session } from "ssh2";
import type { ForwardedAgent } from "./agent-channel.ts";
import type { SshChannel, SshConnection } from "./connection.ts";
import type { SshPlace } from "./place.ts";
import { incoming, outgoing } from "./streams.ts";

/** Variables that a client may send: none that make programs run others. */
const PASSED = /^(?:LANG|LC_[A-Z]+|COLORTERM|GIT_PROTOCOL)$/;
const LONGEST_VALUE = 1_000;
const LARGEST_SIDE = 1_000;

/** As sshd does: the user's shell reads the command. */
const COMMAND_SHELL = 'exec "${SHELL:-/bin/sh}" -c "$1"';
/** Where systems keep it. */
const SFTP_SERVER = `for at in /usr/lib/openssh /usr/libexec/openssh /usr/libexec /usr/lib/ssh /usr/lib64/ssh; do
  [ -x "$at/sftp-server" ] && exec "$at/sftp-server"
done
echo "ws: this workspace has no sftp-server; install openssh-sftp-server" >&2
exit 127`;

const SIGNALS: Readonly<Record<string, "SIGINT" | "SIGTERM" | "SIGHUP">> = {
  INT: "SIGINT",
  TERM: "SIGTERM",
  HUP: "SIGHUP",
};

interface SessionOptions {
  connection: Pick<SshConnection, "take">;
  place: SshPlace;
  agent: Pick<ForwardedAgent, "ask" | "socket">;
}

interface Asked {
  argv: Argv;
  /** What the audit has of it. */
  command: string;
  /** Whether it begins where commands otherwise do, and not in the home. */
  inRepository?: true;
}

/** Serves one session: a command, a shell or sftp, on a terminal where one was asked for. X11 and what else there is are refused. */
export function serveSession(session: Session, { connection, place, agent }: SessionOptions): void {
  const env: Record<string, string> = {};
  let size: TerminalSize | undefined;
  let signalled: (name: string) => void = () => undefined;
  let resized: (size: TerminalSize) => void = () => undefined;

  session.on("env", (accept, reject, { key, val }) => {
    if (!PASSED.test(key) || val.length > LONGEST_VALUE || val.includes("\0")) return reject?.();
    env[key] = val;
    accept?.();
  });
  session.on("auth-agent", (accept) => {
    agent.ask();
    accept?.();
  });
  session.on("pty", (accept, _reject, info) => {
    size = sizeOf(info);
    // The types leave out what every client sends.
    const { term } = info as { term?: unknown };
    if (typeof term === "string" && /^[\w.+-]{1,64}$/.test(term)) env["TERM"] = term;
    accept?.();
  });
  session.on("window-change", (accept, _reject, info) => {
    resized(sizeOf(info));
    accept?.();
  });
  session.on("signal", (accept, _reject, { name }) => {
    signalled(name.replace(/^SIG/, ""));
    accept?.();
  });
  session.on("exec", (accept, _reject, { command }) => {
    serve(accept, { argv: ["/bin/sh", "-c", COMMAND_SHELL, "ws", command], command });
  });
  session.on("shell", (accept) => serve(accept, { argv: LOGIN_SHELL, command: "", inRepository: true }));
  session.on("subsystem", (accept, reject, { name }) => {
    if (name !== "sftp") return reject();
    serve(accept, { argv: ["/bin/sh", "-c", SFTP_SERVER], command: "sftp-server" });
  });

  function serve(accept: AcceptConnection<ServerChannel>, asked: Asked): void {
    // One session runs one thing: for a second there is no channel.
    const opened = connection.take(accept());
    if (opened === undefined) return;
    // What goes wrong was told as far as anybody can be told.
    runOn(opened, asked)
      .catch(() => undefined)
      .finally(() => opened.channel.close());
  }

  async function runOn(opened: SshChannel, asked: Asked): Promise<void> {
    const { channel, gone, write } = opened;
    let over: ReturnType<SshPlace["begin"]> = () => undefined;
    try {
      // What cannot be written down is not run.
      over = place.begin(asked.command);
      const way = await place.enter();
      const socket = await agent.socket();
      if (socket !== undefined) env["SSH_AUTH_SOCK"] = socket;
      const { code, signal } = await (size === undefined
        ? onPipes(opened, way, asked)
        : onTerminal(opened, way, asked, size));
      over("ok", code);
      if (signal === undefined) channel.exit(code);
      else channel.exit(signal.replace(/^SIG/, ""), false, "");
    } catch (error) {
      const { code, message, next } = place.report(error);
      if (!gone.aborted) {
        const newline = size === undefined ? "\n" : "\r\n";
        const lines = [`ws: ${message} (${code})`, ...(next === undefined ? [] : [`    ${next}`])];
        await write(Buffer.from(lines.map((line) => `${line}${newline}`).join("")), "stderr");
        channel.exit(isWsError(error, "command_not_found") ? 127 : 255);
      }
      over(code);
    }
  }

  async function onPipes(opened: SshChannel, way: WayIn, { argv, inRepository }: Asked): Promise<ExitStatus> {
    const { channel, gone } = opened;
    const cwd = inRepository === true ? way.directory : undefined;
    const process = await way.run(argv, { stdin: incoming(channel), env, ...(cwd === undefined ? {} : { cwd }) });
    signalled = (name) => {
      const known = SIGNALS[name];
      if (known !== undefined) process.signal(known).catch(() => undefined);
    };
    // As a terminal that is hung up: what was told to outlive that goes on, such as an editor's own server.
    const leave = (): void => signalled("HUP");
    gone.addEventListener("abort", leave, { once: true });
    if (gone.aborted) leave();
    await Promise.all([outgoing(process.stdout, opened, "stdout"), outgoing(process.stderr, opened, "stderr")]);
    return process.exit;
  }

  async function onTerminal(
    opened: SshChannel,
    way: WayIn,
    { argv, inRepository }: Asked,
    at: TerminalSize,
  ): Promise<ExitStatus> {
    const { channel, gone } = opened;
    const cwd = inRepository === true ? way.directory : undefined;
    const pty = await way.openPty(argv, { size: at, env, ...(cwd === undefined ? {} : { cwd }) });
    const hangUp = (): void => pty.close();
    gone.addEventListener("abort", hangUp, { once: true });
    if (gone.aborted) hangUp();
    resized = (next) => pty.resize(next);
    signalled = (name) => {
      if (name === "INT") pty.write(Buffer.of(3)).catch(() => undefined);
      else if (name in SIGNALS) hangUp();
    };
    void (async () => {
      for await (const bytes of incoming(channel)) await pty.write(bytes);
    })().catch(() => undefined);
    await outgoing(pty.output, opened, "stdout");
    return pty.exit;
  }
}

/** A client without a terminal of its own says 0. */
function sizeOf({ cols, rows }: { cols: number; rows: number }): TerminalSize {
  const side = (given: number, usual: number): number => (given === 0 ? usual : Math.min(given, LARGEST_SIDE));
  return { cols: side(cols, 80), rows: side(rows, 24) };
}
