import { WsError } from "../errors.ts";
import type { Box, Bytes, Clock, ExitStatus, Pty, TerminalSize, Terminals } from "../ports.ts";
import { createBoundedLog, type BoundedLog } from "./bounded-log.ts";
import { requireTerminalId, requireTerminalSize, terminalNotFound } from "./terminal-id.ts";

interface Open {
  name: string;
  pty: Pty;
  log: BoundedLog;
  size: TerminalSize;
  createdAt: number;
  exit?: ExitStatus;
}

/** Terminals of a place that has no holder: they end with their Box, and their log is kept in memory. */
export function createPtyTerminals(box: Box, options: { clock: Pick<Clock, "now">; keepBytes: number }): Terminals {
  const terminals = new Map<string, Open>();

  function find(id: string): Open {
    requireTerminalId(id);
    const terminal = terminals.get(id);
    if (terminal === undefined) throw terminalNotFound(id);
    return terminal;
  }

  async function fill(terminal: Open): Promise<void> {
    try {
      for await (const bytes of terminal.pty.output) terminal.log.append(bytes);
      terminal.exit = await terminal.pty.exit;
    } catch {
      terminal.exit = { code: 129 };
    }
    terminal.log.end();
  }

  return {
    durable: false,
    async open({ id, argv, size, cwd, env }) {
      requireTerminalId(id);
      requireTerminalSize(size);
      const existing = terminals.get(id);
      if (existing !== undefined && existing.exit === undefined) return { ...stateOf(id, existing), isNew: false };
      const pty = await box.openPty(argv, {
        size,
        env: { TERM: "xterm-256color", COLORTERM: "truecolor", ...env },
        ...(cwd === undefined ? {} : { cwd }),
      });
      const log = createBoundedLog(options.keepBytes, existing?.log.next());
      const terminal: Open = { name: existing?.name ?? id, pty, log, size, createdAt: options.clock.now() };
      terminals.set(id, terminal);
      void fill(terminal);
      return { ...stateOf(id, terminal), isNew: true };
    },
    async list() {
      return [...terminals].map(([id, terminal]) => stateOf(id, terminal));
    },
    async *read(id, from, signal) {
      yield* find(id).log.read(from, signal);
    },
    async write(id, bytes: Bytes) {
      const terminal = find(id);
      if (terminal.exit !== undefined) throw terminalNotFound(id);
      await terminal.pty.write(bytes);
    },
    async resize(id, size) {
      requireTerminalSize(size);
      const terminal = find(id);
      if (terminal.exit !== undefined) throw terminalNotFound(id);
      terminal.size = size;
      terminal.pty.resize(size);
    },
    async rename(id, name) {
      requireTerminalId(name);
      find(id).name = name;
    },
    async record(id, on) {
      requireTerminalId(id);
      if (!on) return;
      throw new WsError("box_feature_missing", {
        message: "A terminal can be recorded only where it outlives the agent.",
        next: "Install tmux 3.2 or later and perl in the workspace, restart it, and open the terminal again.",
        data: { feature: "terminals", missing: ["tmux"] },
      });
    },
    async *recording(id) {
      requireTerminalId(id);
    },
    async end(id) {
      requireTerminalId(id);
      const terminal = terminals.get(id);
      if (terminal === undefined || terminal.exit !== undefined) return;
      terminal.pty.close();
      await terminal.pty.exit.catch(() => undefined);
    },
  };
}

function stateOf(id: string, { name, log, size, createdAt, exit }: Open) {
  return { id, name, size, createdAt, start: log.start(), end: log.next(), ...(exit === undefined ? {} : { exit }) };
}
