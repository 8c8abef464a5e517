import { type Box, type Clock, isWsError, type RunOptions } from "@ws/workspace-core";

import { type FileServer, startFileServer } from "./file-server.ts";

/** The file servers of one Box, started as they are needed and ended when they are not. */
export interface FileServerPool {
  /** The least busy one for this traffic, held until it is let go of, so that it stays. */
  take(traffic: Traffic): Promise<Taken>;
}

export interface Taken extends Disposable {
  readonly server: FileServer;
}

/** One that is busy with a large directory must not hold up the rest; more would only take turns. */
const MOST = 3;
const IDLE_MS = 60_000;

type Traffic = NonNullable<RunOptions["traffic"]>;

interface Slot {
  readonly starting: Promise<FileServer>;
  users: number;
  /** Ends the wait for its end. */
  used: AbortController;
}

export function createFileServerPool(options: { run: Box["run"]; clock: Pick<Clock, "sleep"> }): FileServerPool {
  const slots = { interactive: new Set<Slot>(), bulk: new Set<Slot>() };

  function start(traffic: Traffic): Slot {
    const own = slots[traffic];
    const onEnd = (): void => {
      own.delete(slot);
      slot.used.abort();
    };
    const slot: Slot = {
      starting: startFileServer({ ...options, traffic, onEnd }),
      users: 0,
      used: new AbortController(),
    };
    slot.starting.catch(onEnd);
    own.add(slot);
    return slot;
  }

  function leave(slot: Slot, traffic: Traffic): void {
    slot.users -= 1;
    if (slot.users > 0 || !slots[traffic].has(slot)) return;
    slot.used = new AbortController();
    options.clock.sleep(IDLE_MS, slot.used.signal).then(
      async () => (await slot.starting).end(),
      () => undefined,
    );
  }

  return {
    async take(traffic) {
      const [least] = [...slots[traffic]].sort((a, b) => a.users - b.users);
      const slot = least === undefined || (least.users > 0 && slots[traffic].size < MOST) ? start(traffic) : least;
      slot.users += 1;
      slot.used.abort();
      try {
        const server = await slot.starting;
        let isLeft = false;
        return {
          server,
          [Symbol.dispose]() {
            if (!isLeft) leave(slot, traffic);
            isLeft = true;
          },
        };
      } catch (error) {
        leave(slot, traffic);
        throw error;
      }
    },
  };
}

/** Whether the image has no program to run a file server with. */
export function lacksPerl(error: unknown): boolean {
  return isWsError(error, "command_not_found");
}
