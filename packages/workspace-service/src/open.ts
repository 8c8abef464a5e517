import { toWsError } from "@ws/workspace-core";
import type { WorkspaceServiceOptions } from "./config.ts";
import type { Emitter } from "./events.ts";
import { finalizeWorkspace, finalizeWorktree } from "./finalize.ts";
import { openParts, type Parts } from "./parts.ts";
import { sweepFailed } from "./sweep.ts";
import { createView, type View } from "./view.ts";
import { createWorktrees, type Worktrees } from "./worktrees.ts";

/** An open service. */
export interface Opened extends Parts {
  worktrees: Worktrees;
  view: View;
}

/** Opens the parts, and goes on with what an earlier process began. Throws as `openParts`. */
export async function openService(options: WorkspaceServiceOptions, emit: Emitter["emit"]): Promise<Opened> {
  await using opening = new AsyncDisposableStack();
  const parts = opening.use(await openParts(options, emit));
  const worktrees = createWorktrees(parts);
  await worktrees.restore();
  sweepExtras(parts, worktrees);
  const going = goOn(parts, worktrees);
  const sweeping = sweepFailed(parts);
  const opened = opening.move();
  return {
    ...parts,
    worktrees,
    view: createView(parts, worktrees),
    async [Symbol.asyncDispose]() {
      await opened.disposeAsync();
      await Promise.all([going, sweeping]);
    },
  };
}

/** What was kept for a workspace that a killed process had only begun to make may hold a secret. */
function sweepExtras({ state: { store, extras } }: Parts, worktrees: Worktrees): void {
  for (const { id } of extras.values()) {
    const { phase = "cleaned_up" } =
      store.list().find((record) => record.id === (worktrees.get(id)?.parent ?? id)) ?? {};
    if (phase === "cleaned_up") extras.delete(id);
  }
}

/** Nobody waits for it: events and records tell how it ends. */
async function goOn(parts: Parts, worktrees: Worktrees): Promise<void> {
  const { state, log } = parts;
  const unfinished = state.extras
    .values()
    .flatMap(({ id, finalizing }) => (finalizing === undefined ? [] : [{ id, finalizing }]));
  await Promise.all(
    unfinished.map(async ({ id, finalizing: options }) => {
      try {
        const worktree = worktrees.get(id);
        const record = state.store.list().find((each) => each.id === (worktree?.parent ?? id));
        if (record === undefined) return state.extras.delete(id);
        if (worktree === undefined) await finalizeWorkspace(parts, record, options);
        else await finalizeWorktree(parts, worktrees, { id: worktree.id, record, options });
      } catch (error) {
        log.warn("what an earlier process began to finalize did not come to its end", {
          workspace: id,
          error: toWsError(error).message,
        });
      }
    }),
  );
}
