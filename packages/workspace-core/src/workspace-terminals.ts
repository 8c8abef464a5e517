import type { WorkspaceTerminals } from "./api.ts";
import type { Engine } from "./engine.ts";
import { environmentOf } from "./process-environment.ts";
import type { Argv, Box, Terminals } from "./ports.ts";
import type { WorkspaceRecord } from "./workspace.ts";

/** The user's own shell as a login shell, wherever the place keeps it. */
const LOGIN_SHELL: Argv = ["/bin/sh", "-c", 'exec "${SHELL:-$(command -v bash || echo /bin/sh)}" -l'];

/** Gives a workspace's terminals its directory, its environment and its shell. */
export function createTerminalsOf(engine: Engine): (record: WorkspaceRecord, box: Box) => Promise<WorkspaceTerminals> {
  const opened = new WeakMap<Box, Promise<Terminals>>();

  return async (record, box) => {
    let pending = opened.get(box);
    if (pending === undefined) {
      pending = engine.openTerminals(box);
      opened.set(box, pending);
      pending.catch(() => opened.delete(box));
    }
    const terminals = await pending;
    const tell = (terminal: string, change: "opened" | "ended"): void => {
      // It may have been renamed since.
      const { id, name } = engine.store.get(record.id) ?? record;
      engine.events.emit({ type: "terminal", id, name, terminal, change });
    };
    return {
      durable: terminals.durable,
      async open({ id, argv = LOGIN_SHELL, size }) {
        const { directory } = record;
        const env = await environmentOf(engine, record, box);
        const state = await terminals.open({
          id,
          argv,
          size,
          env,
          ...(directory === undefined ? {} : { cwd: directory }),
        });
        tell(id, "opened");
        return state;
      },
      list: (signal) => terminals.list(signal),
      async *read(id, from, signal) {
        yield* terminals.read(id, from, signal);
        if (signal?.aborted !== true) tell(id, "ended");
      },
      write(id, bytes) {
        engine.uses.mark(record.id);
        return terminals.write(id, bytes);
      },
      resize: (id, size) => terminals.resize(id, size),
      record: (id, on) => terminals.record(id, on),
      recording: (id, signal) => terminals.recording(id, signal),
      async end(id) {
        await terminals.end(id);
        tell(id, "ended");
      },
    };
  };
}
