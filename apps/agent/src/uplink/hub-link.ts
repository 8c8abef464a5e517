import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import { retryDelay } from "@ws/rpc-contract/terminal-client";
import type { Clock, Log } from "@ws/workspace-core";
import type { WebSocket } from "ws";
import { dial, DialRefused, type DialOptions } from "./dial.ts";
import { keepBeating } from "./heartbeat.ts";
import { LANES, type Lane } from "./lanes.ts";
import { speakAsWorker, WIRE_PATHS } from "./sessions.ts";
import type { WorkerStatus } from "./status.ts";

/** How this worker stands with its hub. */
export type HubState =
  | { kind: "connecting"; problem?: string }
  | { kind: "connected"; since: number }
  /** It is not tried again before the next start. */
  | { kind: "refused"; problem: string };

export interface HubLinkOptions extends DialOptions {
  /** What answers the hub's requests; it listens nowhere else. */
  server: Server;
  status: () => WorkerStatus;
  clock: Clock;
  random: () => number;
  log: Log;
  /** Ends the link for good. */
  signal: AbortSignal;
  onState: (state: HubState) => void;
  /** Is told of each sign that the link's loop goes on: an attempt, an end, and each time that the hub is asked whether it is there. */
  onMove?: () => void;
}

const STATUS_EVERY_MS = 15_000;

/** Keeps this worker reachable through its hub: dials out, and again whenever the link is lost. Resolves when it is over for good. */
export async function keepHubLink(options: HubLinkOptions): Promise<void> {
  const { log, onState, url } = options;
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  await Promise.all(
    LANES.map(async (lane) => {
      try {
        await keepLane({ ...options, signal }, lane);
      } catch (error) {
        if (signal.aborted) return;
        // Both have the same token.
        over.abort();
        const problem = (error as Error).message;
        onState({ kind: "refused", problem });
        log.error("the hub refuses this worker; it is not tried again before the next start", { url, problem });
      }
    }),
  );
}

/** Throws what a hub says that will not change by itself. */
async function keepLane(options: HubLinkOptions, lane: Lane): Promise<void> {
  const { clock, random, signal, log, url } = options;
  // The one that calls go over stands for both.
  const tell = (state: HubState): void => {
    if (lane === "interactive") options.onState(state);
  };
  let attempt = 0;
  let lostAt = clock.monotonic();
  let told: string | undefined;
  while (!signal.aborted) {
    options.onMove?.();
    try {
      const socket = await dial(options, lane, { signal, opened: (opened) => serve(opened, lane, options) });
      attempt = 0;
      told = undefined;
      tell({ kind: "connected", since: clock.now() });
      log[lane === "interactive" ? "info" : "debug"]("connected to the hub", { url, lane });
      // Not by `once`, which fails where the link breaks with an error: that is an end like any other, from which time is counted.
      await new Promise((resolve) => void socket.once("close", resolve));
      lostAt = clock.monotonic();
      tell({ kind: "connecting" });
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof DialRefused && FINAL.has(error.status)) throw error;
      const problem = problemOf(error);
      tell({ kind: "connecting", problem });
      if (told !== problem) log.warn("the hub is not reached; it is tried again", { url, lane, problem });
      told = problem;
    }
    await clock.sleep(retryDelay(attempt, clock.monotonic() - lostAt, random), signal).catch(() => undefined);
    attempt += 1;
  }
}

/** A token that is wrong, that may not do this, or that is another worker's. */
const FINAL: ReadonlySet<number> = new Set([401, 403, 409]);

function serve(socket: WebSocket, lane: Lane, options: HubLinkOptions): void {
  const { server, status, clock, signal, log, onMove } = options;
  const { destroy } = speakAsWorker(socket, lane, (stream, path) => {
    stream.on("error", (error) => log.debug("a request of the hub broke", { error }));
    if (path === WIRE_PATHS.connection) server.emit("connection", stream);
    else if (path === WIRE_PATHS.status) tellStatus(stream, { status, clock }).catch(() => undefined);
    else stream.destroy();
  });
  keepBeating(socket, clock, onMove === undefined ? {} : { onAsk: onMove });
  signal.addEventListener("abort", destroy, { once: true });
  socket.once("close", () => signal.removeEventListener("abort", destroy));
}

async function tellStatus(stream: Duplex, { status, clock }: Pick<HubLinkOptions, "status" | "clock">): Promise<void> {
  const gone = new AbortController();
  stream.once("close", () => gone.abort());
  stream.resume();
  while (!gone.signal.aborted) {
    // A hub that does not read is told nothing more.
    if (!stream.writableNeedDrain) stream.write(`${JSON.stringify(status())}\n`);
    await clock.sleep(STATUS_EVERY_MS, gone.signal);
  }
}

function problemOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  return error instanceof DialRefused || code === undefined ? message : `${code}: ${message}`;
}
