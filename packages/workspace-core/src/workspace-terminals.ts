import type { WorkspaceTerminals } from "./api.ts";
import type { Engine } from "./engine.ts";
import type { TerminalChange } from "./events.ts";
import { environmentOf } from "./process-environment.ts";
import type { Argv, Box } from "./ports.ts";
import { createNamedTerminals, type NamedTerminals } from "./terminals/named-terminals.ts";
import type { WorkspaceRecord } from "./workspace.ts";

/** The user's own shell as a login shell, wherever the place keeps it. */
export const LOGIN_SHELL: Argv = ["/bin/sh", "-c", 'exec "${SHELL:-$(command -v bash || echo /bin/sh)}" -l'];

/** Gives a workspace's terminals its directory, its environment and its shell. */
export function createTerminalsOf(engine: Engine): (record: WorkspaceRecord, box: Box) => Promise<WorkspaceTerminals> {
  const opened = new WeakMap<Box, Promise<NamedTerminals>>();

  return async (record, box) => {
    let pending = opened.get(box);
    if (pending === undefined) {
      pending = engine.openTerminals(box).then(createNamedTerminals);
      opened.set(box, pending);
      pending.catch(() => opened.delete(box));
    }
    const terminals = await pending;
    const tell = (terminal: string, change: TerminalChange): void => {
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
        if (signal?.aborted !== true) tell(terminals.nameOf(id), "ended");
      },
      write(id, bytes) {
        engine.uses.mark(record.id);
        return terminals.write(id, bytes);
      },
      resize: (id, size) => terminals.resize(id, size),
      async rename(id, name) {
        await terminals.rename(id, name);
        tell(name, "renamed");
      },
      titled: (id) => tell(terminals.nameOf(id), "titled"),
      record: (id, on) => terminals.record(id, on),
      recording: (id, signal) => terminals.recording(id, signal),
      async end(id) {
        await terminals.end(id);
        tell(terminals.nameOf(id), "ended");
      },
    };
  };
}
