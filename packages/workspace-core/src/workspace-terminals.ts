import type { WorkspaceTerminals } from "./api.ts";
import { environmentOf, type Engine } from "./engine.ts";
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
    return {
      durable: terminals.durable,
      async open({ id, argv = LOGIN_SHELL, size }) {
        const { directory } = record;
        const env = await environmentOf(engine, record);
        return terminals.open({ id, argv, size, env, ...(directory === undefined ? {} : { cwd: directory }) });
      },
      list: (signal) => terminals.list(signal),
      read: (id, from, signal) => terminals.read(id, from, signal),
      write: (id, bytes) => terminals.write(id, bytes),
      resize: (id, size) => terminals.resize(id, size),
      end: (id) => terminals.end(id),
    };
  };
}
