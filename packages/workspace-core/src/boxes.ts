import type { Box, Git, Log, Runtime } from "./ports.ts";
import type { WorkspaceId, WorkspaceRecord } from "./workspace.ts";

/** The open channels, one per running workspace, opened at first use and again after a loss. */
export interface Boxes extends AsyncDisposable {
  open(record: WorkspaceRecord): Promise<Box>;
  /** Closes the channel, if there is one. */
  drop(id: WorkspaceId): Promise<void>;
}

export function createBoxes(options: { runtimeOf: (record: WorkspaceRecord) => Runtime; git: Git; log: Log }): Boxes {
  const { runtimeOf, git, log } = options;
  const open = new Map<WorkspaceId, Promise<Box>>();

  async function connect(record: WorkspaceRecord): Promise<Box> {
    const box = await runtimeOf(record).open(record.id);
    const attached = git.attach(box, record).catch((error: unknown) => {
      // Without the forward git goes out by itself; a shell must not be refused for it.
      log.warn("git forward not attached", { workspace: record.name, error });
    });
    // Only a clone needs it at once; a first command need not wait for what git may want later.
    if (record.repository !== undefined) await attached;
    return box;
  }

  function forget(id: WorkspaceId, mine: Promise<Box>): void {
    if (open.get(id) === mine) open.delete(id);
  }

  async function drop(id: WorkspaceId): Promise<void> {
    const mine = open.get(id);
    if (mine === undefined) return;
    open.delete(id);
    const box = await mine.catch(() => undefined);
    await box?.[Symbol.asyncDispose]();
  }

  return {
    open(record) {
      const existing = open.get(record.id);
      if (existing !== undefined) return existing;
      const mine = connect(record);
      open.set(record.id, mine);
      mine.then(
        (box) => box.closed.then(() => forget(record.id, mine)),
        () => forget(record.id, mine),
      );
      return mine;
    },
    drop,
    async [Symbol.asyncDispose]() {
      for (const ended of await Promise.allSettled([...open.keys()].map(drop))) {
        if (ended.status === "rejected") log.warn("a channel did not close", { error: ended.reason as unknown });
      }
    },
  };
}
