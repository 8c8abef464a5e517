import type { Clock } from "@ws/workspace-core";
import type { InputAnswer, TerminalServerFrame } from "@ws/rpc-contract/frames";
import type { AckWindow } from "./ack-window.ts";
import type { Ending, Hub, Viewer } from "./hub.ts";
import { partOfCharacter } from "./unfinished.ts";

/** The way to one viewer. */
export interface Client {
  /** Aborts when it is gone. */
  readonly gone: AbortSignal;
  frame(frame: TerminalServerFrame): void;
  /** Resolves when the bytes are no longer needed and there is room for more. */
  send(bytes: Uint8Array): Promise<unknown>;
}

export interface ViewOptions {
  hub: Hub;
  viewer: Viewer;
  client: Client;
  window: AckWindow;
  clock: Clock;
  /** The next offset wanted; absent means the present screen. */
  since: number | undefined;
  /** What is known of the viewer's input, where it counts it. */
  input?: InputAnswer | undefined;
}

const CHUNK = 64 * 1024;
/** One that took nothing for so long is shown where things stand, not how they came to be. */
const STALL_MS = 30_000;
/** A beginning of a character whose rest does not come by then may be no character at all. */
const REST_WITHIN_MS = 50;
/** A screen that lags behind a flood is shown as far as it is. */
const SCREEN_WITHIN_MS = 1_000;

/**
 * Sends a terminal to one viewer in the viewer's own time, until the terminal ends or the viewer goes. It holds a place
 * in the log and no bytes, so that a viewer that stalls costs nothing.
 */
export async function view(options: ViewOptions): Promise<Ending> {
  const { hub, viewer, client, window, clock, since, input } = options;
  const { log, screen } = hub;
  const { gone } = client;
  // One for all that is sent: what lies outside the heap hurries the tidying of memory, which then costs more than all else.
  const chunk = new Uint8Array(CHUNK);
  let sendingMs = 0;
  let cursor = await begin();
  for (;;) {
    const stalled = await room();
    if (gone.aborted) break;
    if (stalled >= STALL_MS) cursor = await paint(cursor);
    else if (cursor < log.start()) cursor = await sendOlder(cursor);
    else {
      const bytes = chunk.subarray(0, log.copy(cursor, chunk));
      const whole = bytes.length - partOfCharacter(bytes);
      if (whole > 0) cursor = await send(cursor, bytes.subarray(0, whole));
      else if (bytes.length > 0 && !(await continues(cursor + bytes.length))) cursor = await send(cursor, bytes);
      else if (bytes.length > 0) continue;
      else if (hub.ending() !== undefined) break;
      else await log.reaches(cursor, gone);
    }
  }
  return hub.ending() ?? { exit: { code: 0 } };

  async function begin(): Promise<number> {
    const known = Math.max(hub.found.end, log.next());
    // Of a new terminal there is nothing to paint yet.
    const fresh = hub.found.end === hub.found.start && log.next() === hub.found.start;
    const from = since ?? (fresh ? hub.found.start : undefined);
    const paints = from === undefined || from > known || from < hub.found.start;
    if (paints) await screenAt(known);
    const { cols, rows } = hub.size();
    const offset = paints ? screen.paint().offset : from;
    const { durable, id } = hub;
    const terminal = hub.name();
    const more = { ...(input && { input }), ...(viewer.readOnly === true && { readOnly: true }) };
    client.frame({ type: "attached", terminal, id, offset, cols, rows, durable, skipped: 0, ...more });
    window.restart(offset);
    return paints ? paint(from ?? offset) : from;
  }

  async function screenAt(offset: number): Promise<void> {
    const late = new AbortController();
    const patience = clock.sleep(SCREEN_WITHIN_MS, AbortSignal.any([late.signal, gone])).catch(() => undefined);
    await Promise.race([screen.reached(offset), patience]);
    late.abort();
  }

  async function paint(from: number): Promise<number> {
    await screenAt(Math.min(Math.max(from, log.start()), log.next()));
    const { offset, bytes } = screen.paint();
    client.frame({ type: "screen", offset, skipped: Math.max(0, offset - from) });
    window.restart(offset);
    await client.send(bytes);
    hub.progress(viewer, offset);
    return offset;
  }

  async function send(offset: number, bytes: Uint8Array): Promise<number> {
    const next = offset + bytes.length;
    window.sent(next);
    const began = clock.monotonic();
    await client.send(bytes);
    sendingMs = clock.monotonic() - began;
    hub.progress(viewer, next);
    return next;
  }

  /** Whether the offset comes soon: a browser's terminal loses some characters that it gets in two pieces. */
  async function continues(offset: number): Promise<boolean> {
    const over = new AbortController();
    const either = AbortSignal.any([over.signal, gone]);
    const patience = clock.sleep(REST_WITHIN_MS, either).catch(() => undefined);
    await Promise.race([log.reaches(offset, either), patience]);
    over.abort();
    return log.next() > offset;
  }

  /** From the workspace's log, until what is kept here goes on from it. */
  async function sendOlder(from: number): Promise<number> {
    const leaving = new AbortController();
    let next = from;
    let part: Uint8Array = new Uint8Array();
    for await (const { offset, bytes } of hub.read(from, AbortSignal.any([leaving.signal, gone]))) {
      if (offset !== next + part.length || (await room()) >= STALL_MS) return paint(next);
      if (gone.aborted) break;
      const come = part.length === 0 ? bytes : Buffer.concat([part, bytes]);
      const whole = come.length - partOfCharacter(come);
      part = come.slice(whole);
      if (whole > 0) next = await send(next, come.subarray(0, whole));
      if (next >= log.start()) break;
    }
    leaving.abort();
    // What ended without a mark of its end is not there any more.
    return next === from && !gone.aborted ? paint(from) : next;
  }

  /** Milliseconds without progress, by acknowledgements or by the socket. */
  async function room(): Promise<number> {
    const waited = Math.max(sendingMs, await window.room());
    sendingMs = 0;
    return waited;
  }
}
