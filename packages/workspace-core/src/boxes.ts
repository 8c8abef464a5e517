import { orAborted, throwIfAborted } from "./aborted.ts";
import { WsError } from "./errors.ts";
import type { Box, Clock, Git, Log, Runtime } from "./ports.ts";
import { inTime } from "./time-limit.ts";
import type { WorkspaceId, WorkspaceRecord } from "./workspace.ts";

/** The open channels, one per running workspace, opened at first use and again after a loss. */
export interface Boxes extends AsyncDisposable {
  /** What comes first is done in a new channel before git is led anywhere through it; a failure of it is only logged. */
  open(record: WorkspaceRecord, first?: (box: Box, signal: AbortSignal) => Promise<void>): Promise<Box>;
  /** The channel that is open just now. */
  opened(id: WorkspaceId): Box | undefined;
  /** The ports of the place on which we listen through that channel. */
  ownPorts(id: WorkspaceId): ReadonlySet<number>;
  /** Closes the channel, or gives up opening it; what goes on in the workspace is waited for only for a moment. */
  drop(id: WorkspaceId): Promise<void>;
}

export interface BoxesOptions {
  runtimeOf: (record: WorkspaceRecord) => Runtime;
  git: Git;
  /** Opens the way out of a Box of the profile `agent`. Throws what it meets; there is none then. */
  egress: { attach(box: Box, record: WorkspaceRecord, signal: AbortSignal): Promise<void> };
  clock: Pick<Clock, "sleep">;
  log: Log;
}

/** Files of some size may come first, and the workspace can hold up whoever writes them. */
const FIRST_MS = 120_000;
/** It takes a fraction of a second, but what it runs in the workspace can be held up there for ever. */
const ATTACH_MS = 10_000;
/** Closing may end programs that would outlive the channel, which the workspace can hold up. */
const CLOSE_MS = 2_000;

type First = NonNullable<Parameters<Boxes["open"]>[1]>;

interface Channel {
  leaving: AbortController;
  ownPorts: Set<number>;
  /** The Box as soon as there is one. */
  opened?: Box;
  ready: Promise<Box>;
}

export function createBoxes(options: BoxesOptions): Boxes {
  const { runtimeOf, git, egress, clock, log } = options;
  const open = new Map<WorkspaceId, Channel>();

  async function connect(record: WorkspaceRecord, channel: Channel, first?: First): Promise<Box> {
    const { signal } = channel.leaving;
    const opening = runtimeOf(record).open(record.id, signal);
    const box = await orAborted(opening, signal)
      .then((opened) => notingListeners(opened, channel.ownPorts))
      .catch((error: unknown) => {
        opening.then((late) => late[Symbol.asyncDispose]()).catch(() => undefined);
        throw error;
      });
    channel.opened = box;
    // Its only way out: nothing in it begins before that is open, or known not to be.
    if (record.profile === "agent") await leadOut(box, record, signal);
    if (first !== undefined) await before(first, box, record, signal);
    const attached = attach(box, record, signal);
    // Only a clone needs it at once; a first command need not wait for what git may want later.
    if (record.repository !== undefined) await attached;
    if (signal.aborted) await box[Symbol.asyncDispose]();
    throwIfAborted(signal);
    return box;
  }

  /** Where it fails there is no way out at all, which is for the workspace to say and no reason to refuse a shell. */
  async function leadOut(box: Box, record: WorkspaceRecord, signal: AbortSignal): Promise<void> {
    const late = (): Error => new Error(`not done within ${ATTACH_MS / 1000} s`);
    await inTime(clock, { ms: ATTACH_MS, signal, late }, (ending) => egress.attach(box, record, ending)).catch(
      (error: unknown) => log.debug("no way out was opened", { workspace: record.name, error }),
    );
  }

  async function before(first: First, box: Box, record: WorkspaceRecord, signal: AbortSignal): Promise<void> {
    const late = (): Error => new Error(`not done within ${FIRST_MS / 1000} s`);
    try {
      await inTime(clock, { ms: FIRST_MS, signal, late }, (ending) => first(box, ending));
    } catch (error) {
      if (!signal.aborted) log.warn("what comes first in a workspace was not done", { workspace: record.name, error });
    }
  }

  async function attach(box: Box, record: WorkspaceRecord, signal: AbortSignal): Promise<void> {
    const late = (): Error => new Error(`not done within ${ATTACH_MS / 1000} s`);
    try {
      await inTime(clock, { ms: ATTACH_MS, signal, late }, (ending) => git.attach(box, record, ending));
    } catch (error) {
      if (signal.aborted) return;
      // Without the forward git goes out by itself; a shell must not be refused for it.
      log.warn("git forward not attached", { workspace: record.name, error });
    }
  }

  function forget(id: WorkspaceId, mine: Channel): void {
    if (open.get(id) === mine) open.delete(id);
  }

  async function drop(id: WorkspaceId): Promise<void> {
    const mine = open.get(id);
    if (mine === undefined) return;
    open.delete(id);
    mine.leaving.abort(dropped(id));
    if (mine.opened === undefined) return;
    const over = new AbortController();
    try {
      await Promise.race([mine.opened[Symbol.asyncDispose](), clock.sleep(CLOSE_MS, over.signal)]);
    } finally {
      over.abort();
    }
  }

  return {
    open(record, first) {
      const existing = open.get(record.id);
      if (existing !== undefined) return existing.ready;
      const { promise: ready, resolve, reject } = Promise.withResolvers<Box>();
      const mine: Channel = { leaving: new AbortController(), ownPorts: new Set(), ready };
      open.set(record.id, mine);
      connect(record, mine, first).then(resolve, reject);
      ready.then(
        (box) => box.closed.then(() => forget(record.id, mine)),
        () => forget(record.id, mine),
      );
      return ready;
    },
    opened: (id) => open.get(id)?.opened,
    ownPorts: (id) => open.get(id)?.ownPorts ?? NO_PORTS,
    drop,
    async [Symbol.asyncDispose]() {
      for (const ended of await Promise.allSettled([...open.keys()].map(drop))) {
        if (ended.status === "rejected") log.warn("a channel did not close", { error: ended.reason as unknown });
      }
    },
  };
}

const NO_PORTS: ReadonlySet<number> = new Set();

function notingListeners(box: Box, ports: Set<number>): Box {
  return {
    ...box,
    async listen(accept, options) {
      const { port, [Symbol.asyncDispose]: close } = await box.listen(accept, options);
      ports.add(port);
      return {
        port,
        async [Symbol.asyncDispose]() {
          await close();
          ports.delete(port);
        },
      };
    },
  };
}

function dropped(id: WorkspaceId): WsError<"box_closed"> {
  return new WsError("box_closed", {
    message: "The channel into the workspace was closed before it was ready.",
    next: "Try again; the agent opens another one.",
    data: { workspace: id },
  });
}
