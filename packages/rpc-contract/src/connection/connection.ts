import { systemTimers, type Timers } from "../timers.ts";
import { createBackoff, type Backoff } from "./backoff.ts";
import type { Attempt, Link, LinkOptions } from "./link.ts";
import type { ConnectionState, Loss, Problem, StopReason } from "./state.ts";

/**
 * The way to one agent, shared by everything that a page or process keeps open. While nothing is open, one attempt is made at a
 * time, for ever; once it succeeds, the others follow within a moment. It only opens what says where it was: nothing is run again.
 */
export interface Connection {
  state(): ConnectionState;
  /** Calls back when the state has become another. */
  subscribe(listener: () => void): () => void;
  /** When anything last came from the agent; undefined where nothing ever did. */
  heardAt(): number | undefined;
  /** Something came from the agent, were it a heartbeat. */
  heard(): void;
  /** Begins the first attempt at once. */
  link(options: LinkOptions): Link;
  /** Ends the wait between two attempts. */
  retryNow(): void;
  /** The token was refused. A link that is made later, with another one, begins anew. */
  stop(reason: StopReason, problem: Problem): void;
  /** Closes every link, and listens no longer. */
  close(): void;
}

export interface ConnectionOptions {
  timers?: Timers;
  random?: () => number;
  /** Has the listener called whenever the network may have come back; returns what ends that. */
  wake?: (listener: () => void) => () => void;
}

/**
 * An attempt without an answer for so long is given up: the systems below ask again ever more rarely. An agent that has much to do
 * is given longer at first, and again once many attempts came to nothing.
 */
const ANSWER_WITHIN_MS = 5_000;
const FIRST_ANSWER_WITHIN_MS = 15_000;
const SLOW_ANSWER_WITHIN_MS = 8_000;
const MANY = 8;
/** All that was lost comes back within this, so that it does not in one instant. */
const TOGETHER_MS = 300;
/** A nudge replaces an attempt that is older than this. */
const STUCK_MS = 3_000;

interface Member {
  readonly options: LinkOptions;
  readonly backoff: Backoff;
  phase: "trying" | "open" | "waiting";
  triedAt: number;
  isAnswered: boolean;
  loss: Loss | undefined;
  /** Undefined where it waits for the attempt of another. */
  nextTryAt: number | undefined;
  attempt: Attempt | undefined;
  giveUp: (() => void) | undefined;
  cancelTimer: (() => void) | undefined;
}

export function createConnection(options: ConnectionOptions = {}): Connection {
  const { timers = systemTimers, random = Math.random, wake } = options;
  const members = new Set<Member>();
  const listeners = new Set<() => void>();
  let state: ConnectionState = { kind: "connecting" };
  let heardAt: number | undefined;
  let downSince: number | undefined;
  let stopped: Extract<ConnectionState, { kind: "stopped" }> | undefined;
  /** Of those that wait for one another, while nothing is open. */
  let backoff = createBackoff(timers, random);
  let cancelShared: (() => void) | undefined;
  let sharedTryAt: number | undefined;
  let probe: Member | undefined;
  let last: Loss = { cause: "unreachable" };
  const sleep = wake?.(() => retry(0));

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    heardAt: () => heardAt,
    heard: () => void (heardAt = timers.now()),
    link(linkOptions) {
      if (stopped !== undefined) {
        stopped = undefined;
        downSince = undefined;
        backoff = createBackoff(timers, random);
      }
      const member: Member = {
        options: linkOptions,
        backoff: createBackoff(timers, random),
        phase: "waiting",
        triedAt: 0,
        isAnswered: false,
        loss: undefined,
        nextTryAt: undefined,
        attempt: undefined,
        giveUp: undefined,
        cancelTimer: undefined,
      };
      members.add(member);
      begin(member);
      return { close: () => close(member) };
    },
    retryNow: () => retry(STUCK_MS),
    stop(reason, problem) {
      stopped = { kind: "stopped", reason, problem };
      const all = [...members];
      all.forEach(forget);
      publish();
      for (const member of all) member.options.stopped?.(reason, problem);
    },
    close() {
      sleep?.();
      [...members].forEach(forget);
      publish();
    },
  };

  function begin(member: Member): void {
    settle(member);
    member.phase = "trying";
    member.isAnswered = false;
    member.triedAt = timers.now();
    const failures = Math.max(member.backoff.failures, isOpen() ? 0 : backoff.failures);
    const isPatient = failures > MANY && failures % 2 === 0;
    const withinMs = failures === 0 ? FIRST_ANSWER_WITHIN_MS : isPatient ? SLOW_ANSWER_WITHIN_MS : ANSWER_WITHIN_MS;
    member.cancelTimer = timers.after(withinMs, () => lost(member, { cause: "unreachable" }));
    publish();
    const attempt: Attempt = {
      answered() {
        if (member.attempt !== attempt || member.phase !== "trying") return;
        member.cancelTimer?.();
        member.cancelTimer = undefined;
        member.isAnswered = true;
      },
      up: () => void (member.attempt === attempt && up(member)),
      lost: (loss) => void (member.attempt === attempt && lost(member, loss)),
    };
    member.attempt = attempt;
    const giveUp = member.options.open(attempt);
    // It may be over already.
    if (member.attempt === attempt) member.giveUp = giveUp;
    else giveUp();
  }

  function up(member: Member): void {
    if (member.phase !== "trying") return;
    member.cancelTimer?.();
    member.cancelTimer = undefined;
    member.phase = "open";
    member.loss = undefined;
    member.backoff.stands();
    backoff.stands();
    heardAt = timers.now();
    endOutage();
    publish();
  }

  function lost(member: Member, loss: Loss): void {
    settle(member);
    member.phase = "waiting";
    member.loss = loss;
    last = loss;
    if (probe === member) probe = undefined;
    if (loss.alone === true || isOpen()) {
      wait(member, member.backoff.next());
      // What answers at all is worth asking by the others too.
      if (loss.alone === true) endOutage();
    } else waitTogether();
    publish();
  }

  function close(member: Member): void {
    if (!members.has(member)) return;
    forget(member);
    publish();
  }

  function forget(member: Member): void {
    settle(member);
    members.delete(member);
    if (members.size === 0) {
      cancelShared?.();
      cancelShared = sharedTryAt = undefined;
    }
    if (probe !== member) return;
    probe = undefined;
    if (stopped === undefined) tryOne();
  }

  /** Ends whatever goes on for it: an attempt, an open stream, a wait. */
  function settle(member: Member): void {
    const { giveUp, cancelTimer } = member;
    member.attempt = member.giveUp = member.cancelTimer = member.nextTryAt = undefined;
    cancelTimer?.();
    giveUp?.();
  }

  function wait(member: Member, ms: number): void {
    member.nextTryAt = timers.now() + ms;
    member.cancelTimer = timers.after(ms, () => begin(member));
  }

  /** Also those that were lost while another one still stood. */
  function waitTogether(): void {
    for (const member of members) if (member.phase === "waiting" && member.loss?.alone !== true) settle(member);
    if (probe !== undefined || cancelShared !== undefined) return;
    const ms = backoff.next();
    sharedTryAt = timers.now() + ms;
    cancelShared = timers.after(ms, tryOne);
  }

  /** The one that tried longest ago. */
  function tryOne(): void {
    cancelShared?.();
    cancelShared = sharedTryAt = undefined;
    const waiting = [...members].filter(isTogether).sort((a, b) => a.triedAt - b.triedAt);
    [probe] = waiting;
    if (probe !== undefined) begin(probe);
  }

  function endOutage(): void {
    cancelShared?.();
    cancelShared = sharedTryAt = probe = undefined;
    for (const member of members) if (isTogether(member)) wait(member, random() * TOGETHER_MS);
  }

  function retry(olderThanMs: number): void {
    if (stopped !== undefined) return;
    for (const member of members) {
      const isStuck = member.phase === "trying" && !member.isAnswered && timers.now() - member.triedAt > olderThanMs;
      if (isStuck || (member.phase === "waiting" && !isTogether(member))) begin(member);
    }
    if (cancelShared !== undefined) tryOne();
  }

  function isTogether({ phase, nextTryAt }: Member): boolean {
    return phase === "waiting" && nextTryAt === undefined;
  }

  function isOpen(): boolean {
    return [...members].some(({ phase }) => phase === "open");
  }

  function publish(): void {
    const next = judge();
    if (isSame(state, next)) return;
    state = next;
    for (const listener of listeners) listener();
  }

  function judge(): ConnectionState {
    if (stopped !== undefined) return stopped;
    const now = timers.now();
    if (isOpen()) {
      downSince = undefined;
      return state.kind === "up" ? state : { kind: "up", since: now };
    }
    const failed = [...members].filter(({ loss }) => loss !== undefined);
    if (failed.length === 0) {
      downSince = undefined;
      return { kind: "connecting" };
    }
    downSince ??= now;
    const soonest = Math.min(...[...members].map(({ nextTryAt }) => nextTryAt ?? Infinity), sharedTryAt ?? Infinity);
    const isTrying = [...members].some(({ phase }) => phase === "trying");
    return {
      kind: "down",
      since: downSince,
      cause: last.cause,
      attempts: Math.max(backoff.failures, ...failed.map((member) => member.backoff.failures)),
      nextTryAt: isTrying || soonest === Infinity ? undefined : soonest,
      heardAt,
      problem: last.problem,
    };
  }
}

function isSame(a: ConnectionState, b: ConnectionState): boolean {
  if (a === b) return true;
  const [one, other] = [Object.entries(a), b as Record<string, unknown>];
  return one.length === Object.keys(b).length && one.every(([key, value]) => other[key] === value);
}
