import {
  createBoundedLog,
  WsError,
  type BoundedLog,
  type ExitStatus,
  type TerminalSize,
  type WorkspaceTerminals,
} from "@ws/workspace-core";

export interface FakeTerminals extends WorkspaceTerminals {
  /** What the program of a terminal says. */
  print(id: string, text: string | Uint8Array): void;
  exit(id: string, code: number): void;
  /** The way into the workspace is lost. */
  lose(error: Error): void;
  /** What happened, in order: `open main`, `size main 80x24`. */
  readonly calls: string[];
  /** What was typed into a terminal. */
  typed(id: string): string;
}

interface Terminal {
  name: string;
  log: BoundedLog;
  size: TerminalSize;
  typed: Uint8Array[];
  exit?: ExitStatus;
}

/** Terminals whose programs are the test. Their logs keep the given number of bytes. */
export function createFakeTerminals(keepBytes = 8 * 1024 * 1024, durable = true): FakeTerminals {
  const terminals = new Map<string, Terminal>();
  const calls: string[] = [];

  function find(id: string): Terminal {
    const terminal = terminals.get(id);
    if (terminal !== undefined) return terminal;
    throw new WsError("terminal_not_found", { message: `no '${id}'`, data: { terminal: id } });
  }
  const stateOf = (id: string, { name, log, size, exit }: Terminal) => ({
    id,
    name,
    size,
    start: log.start(),
    end: log.next(),
    createdAt: 0,
    ...(exit === undefined ? {} : { exit }),
  });

  return {
    durable,
    calls,
    async open({ id, size, argv }) {
      calls.push(["open", id, ...(argv ?? [])].join(" "));
      const existing = terminals.get(id);
      if (existing !== undefined && existing.exit === undefined) return { ...stateOf(id, existing), isNew: false };
      const terminal = {
        name: existing?.name ?? id,
        log: createBoundedLog(keepBytes, existing?.log.next()),
        size,
        typed: [],
      };
      terminals.set(id, terminal);
      return { ...stateOf(id, terminal), isNew: true };
    },
    list: async () => [...terminals].map(([id, terminal]) => stateOf(id, terminal)),
    read: (id, from, signal) => find(id).log.read(from, signal),
    async write(id, bytes) {
      find(id).typed.push(bytes);
    },
    async resize(id, size) {
      calls.push(`size ${id} ${size.cols}x${size.rows}`);
      find(id).size = size;
    },
    async rename(id, name) {
      calls.push(`rename ${id} ${name}`);
      find(id).name = name;
    },
    titled: (id) => void calls.push(`titled ${id}`),
    async record(id, on) {
      calls.push(`record ${id} ${on ? "on" : "off"}`);
      find(id);
    },
    async *recording(id) {
      find(id);
      yield Buffer.from("ws-recording 1 80 24 1700000000000\no 1700000001500 5\nhello");
    },
    async end(id) {
      find(id).log.end();
    },
    print: (id, text) => find(id).log.append(Buffer.from(text)),
    exit(id, code) {
      const terminal = find(id);
      terminal.exit = { code };
      terminal.log.end();
    },
    lose(error) {
      for (const { log } of terminals.values()) log.end(error);
    },
    typed: (id) => Buffer.concat(find(id).typed).toString("latin1"),
  };
}
