import {
  createBoundedLog,
  toWsError,
  type BoundedLog,
  type Clock,
  type ExitStatus,
  type TerminalSize,
  type TerminalState,
  type WorkspaceTerminals,
  type WsError,
} from "@ws/workspace-core";
import type { Claim, Claimant } from "./inputs.ts";
import { withoutReplies } from "./replies.ts";
import { createScreen, type Screen } from "./screen.ts";
import { createTitle } from "./title.ts";
import { createTyping } from "./typing.ts";

export type Ending = { exit: ExitStatus } | { error: WsError };

/** One who looks at a terminal. */
export interface Viewer {
  size: TerminalSize;
  /** Only looks: the size is never its own, and what it sends is nobody's. */
  readonly readOnly?: boolean;
  /** The terminal's size as it was last told, or said it itself. */
  knows: TerminalSize;
  /** What it was sent up to, and when that was last so. */
  at?: { offset: number; since: number };
  /** Another viewer gave the terminal this size. */
  resized(size: TerminalSize): void;
}

/** One terminal while somebody looks at it, or did lately: one reader, one screen, many viewers. */
export interface Hub {
  readonly id: string;
  name(): string;
  /** It was renamed. */
  renamed(name: string): void;
  /** What its program calls what it does. */
  title(): string | undefined;
  readonly durable: boolean;
  /** The last bytes; its end is the end of this hub. */
  readonly log: BoundedLog;
  readonly screen: Screen;
  /** The first offset that the workspace still had, and the next, when this hub began to read. */
  readonly found: { start: number; end: number };
  size(): TerminalSize;
  viewers(): number;
  /** Set once there will be no more bytes. */
  ending(): Ending | undefined;
  /** A viewer has been sent all up to this offset. */
  progress(viewer: Viewer, offset: number): void;
  /** Makes its size the terminal's, unless it only looks; the returned function leaves. */
  join(viewer: Viewer): () => void;
  resize(viewer: Viewer, size: TerminalSize): void;
  /** A promise where there is no room for more before it resolves; `settled` is told whether the terminal has the bytes. */
  type(viewer: Viewer, bytes: Uint8Array, settled?: (arrived: boolean) => void): Promise<void> | undefined;
  /** Goes on with an input that is typed here. */
  claim(asked: { id: string; sent: number }, claimant: Claimant): Claim;
  /** Older bytes, from the workspace's own log. */
  read(from: number, signal?: AbortSignal): ReturnType<WorkspaceTerminals["read"]>;
  close(): void;
}

export interface HubOptions {
  terminals: WorkspaceTerminals;
  state: TerminalState;
  clock: Clock;
  claim: Hub["claim"];
  /** Told when the last viewer has left, and when the terminal has ended. */
  onIdle: () => void;
  onOver: (ending: Ending) => void;
}

/** What slow viewers have for a while before they must read from the workspace again. */
const RECENT = 4 * 1024 * 1024;
/** Reading waits a little while all viewers are behind by so much, rather than make each of them read for itself. */
const AHEAD = 2 * 1024 * 1024;
const PAUSE_MS = 50;
/** One that was sent nothing for so long holds up nothing. */
const STUCK_MS = 1_000;

export function createHub({ terminals, state, clock, claim, onIdle, onOver }: HubOptions): Hub {
  const { id } = state;
  let { name } = state;
  const closing = new AbortController();
  const log = createBoundedLog(RECENT, state.start);
  const typing = createTyping((bytes) => terminals.write(id, bytes));
  const title = createTitle({ clock, signal: closing.signal, changed: () => terminals.titled(id) });
  const screen = createScreen({
    log,
    size: state.size.cols > 0 ? state.size : { cols: 80, rows: 24 },
    now: () => clock.monotonic(),
    signal: closing.signal,
    titled: title.said,
    // A holder has answered already.
    ...(terminals.durable ? {} : { answer: (bytes) => void typing.type(bytes), answerFrom: state.end }),
  });
  /** Those that have been active, the latest last; that one's size holds. */
  const viewers = new Set<Viewer>();
  let size = state.size;
  let ending: Ending | undefined;
  let progressed = (): void => undefined;

  async function read(): Promise<Ending> {
    for await (const { offset, bytes } of terminals.read(id, state.start, closing.signal)) {
      if (offset > log.next()) log.skipTo(offset);
      log.append(bytes);
      if (isAhead()) await pause();
      await screen.lag();
    }
    const now = (await terminals.list()).find((other) => other.id === id);
    return { exit: now?.exit ?? { code: 129 } };
  }

  function isAhead(): boolean {
    const now = clock.monotonic();
    const places = [...viewers].flatMap(({ at }) => (at === undefined || now - at.since > STUCK_MS ? [] : at.offset));
    return places.length > 0 && places.every((offset) => log.next() - offset > AHEAD);
  }

  async function pause(): Promise<void> {
    const over = new AbortController();
    progressed = () => {
      if (!isAhead()) over.abort();
    };
    await clock.sleep(PAUSE_MS, AbortSignal.any([over.signal, closing.signal])).catch(() => undefined);
    progressed = () => undefined;
  }

  function apply(next: TerminalSize): void {
    for (const viewer of viewers) {
      if (same(viewer.knows, next)) continue;
      viewer.knows = next;
      viewer.resized(next);
    }
    if (same(size, next)) return;
    size = next;
    screen.resize(next);
    // A terminal that has ended meanwhile needs no size.
    terminals.resize(id, next).catch(() => undefined);
  }

  /** Whose size holds. */
  function owner(): Viewer | undefined {
    return [...viewers].findLast(({ readOnly }) => readOnly !== true);
  }

  function activate(viewer: Viewer): void {
    if (viewer.readOnly === true || !viewers.delete(viewer)) return;
    viewers.add(viewer);
    apply(viewer.size);
  }

  read()
    .catch((error: unknown): Ending => ({ error: toWsError(error) }))
    .then((end) => {
      ending = end;
      onOver(end);
      log.end();
    })
    .catch(() => undefined);

  return {
    id,
    name: () => name,
    renamed: (next) => void (name = next),
    title: title.text,
    durable: terminals.durable,
    log,
    screen,
    found: { start: state.start, end: state.end },
    size: () => size,
    viewers: () => viewers.size,
    ending: () => ending,
    progress(viewer, offset) {
      viewer.at = { offset, since: clock.monotonic() };
      progressed();
    },
    join(viewer) {
      viewers.add(viewer);
      if (viewer.readOnly === true) viewer.knows = size;
      else apply(viewer.size);
      return () => {
        if (!viewers.delete(viewer)) return;
        const next = owner();
        if (next !== undefined) apply(next.size);
        if (viewers.size === 0) onIdle();
      };
    },
    resize(viewer, next) {
      if (viewer.readOnly === true) return;
      viewer.size = next;
      viewer.knows = next;
      activate(viewer);
    },
    claim,
    type(viewer, bytes, settled) {
      const rules = { askedForCursor: screen.askedForCursor(), mayAnswer: viewer === owner() };
      const typed = withoutReplies(bytes, rules);
      if (typed.length > 0) activate(viewer);
      return typing.type(typed, settled);
    },
    read: (from, signal) => terminals.read(id, from, signal),
    close() {
      closing.abort();
      screen[Symbol.dispose]();
    },
  };
}

function same(a: TerminalSize, b: TerminalSize): boolean {
  return a.cols === b.cols && a.rows === b.rows;
}
