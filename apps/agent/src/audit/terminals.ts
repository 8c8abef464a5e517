import type { Clock, TerminalState, WorkspaceTerminals } from "@ws/workspace-core";
import type { Audit } from "../store/audit.ts";

/** Writes down how terminals end that somebody looks at, or did lately. */
export interface TerminalAudit {
  /** The same terminals of a workspace; `opened` is called where this caller began one. */
  over(
    terminals: WorkspaceTerminals,
    by: { workspace: string; target: string; who: string; opened: () => void },
  ): WorkspaceTerminals;
}

const KEPT = 1_000;

export function createTerminalAudit({
  audit,
  clock,
}: {
  audit: Pick<Audit, "append">;
  clock: Pick<Clock, "now">;
}): TerminalAudit {
  /** Those that ran when they were last seen, and who began them. */
  const running = new Map<string, { createdAt: number; who: string }>();

  function see(key: string, { createdAt, exit }: TerminalState, who: string): void {
    if (exit !== undefined || running.get(key)?.createdAt === createdAt) return;
    running.set(key, { createdAt, who });
    const [oldest] = running.keys();
    if (running.size > KEPT && oldest !== undefined) running.delete(oldest);
  }

  return {
    over(terminals, { workspace, target, who, opened }) {
      const keyOf = (id: string): string => `${workspace} ${id}`;

      async function ended(id: string): Promise<void> {
        const state = (await terminals.list()).find((other) => other.id === id);
        const known = running.get(keyOf(id));
        if (state?.exit === undefined || known?.createdAt !== state.createdAt) return;
        running.delete(keyOf(id));
        const seconds = String(Math.max(0, clock.now() - state.createdAt) / 1_000);
        const details = { terminal: state.name, exitCode: String(state.exit.code), seconds };
        audit.append({ who: known.who, action: "terminal.end", target, outcome: "ok", details });
      }

      return {
        ...terminals,
        async open(options) {
          const state = await terminals.open(options);
          if (state.isNew) opened();
          see(keyOf(state.id), state, state.isNew ? who : "agent");
          return state;
        },
        async list(signal) {
          const states = await terminals.list(signal);
          for (const state of states) see(keyOf(state.id), state, "agent");
          return states;
        },
        async *read(id, from, signal) {
          yield* terminals.read(id, from, signal);
          // Nobody waits for it, and what is lost meanwhile is told to those who look.
          if (signal?.aborted !== true) ended(id).catch(() => undefined);
        },
      };
    },
  };
}
