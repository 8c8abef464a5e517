import { throwIfAborted } from "./aborted.ts";
import { placeOf, type Engine } from "./engine.ts";
import { environmentOf } from "./process-environment.ts";
import { toWsError, WsError } from "./errors.ts";
import { begin } from "./lifecycle.ts";
import type { Box, WorkState } from "./ports.ts";
import { withoutOperation } from "./records.ts";
import { inTime } from "./time-limit.ts";
import { statusOf, type WorkspaceId, type WorkspaceRecord } from "./workspace.ts";

/** A repository with very many files takes seconds to look through; a workspace that answers nothing must not be waited for. */
const LOOK_MS = 60_000;
const GROUP = "look";

/** What would be lost with a workspace, in words; undefined where nothing would. */
export async function holderOf(engine: Engine, id: WorkspaceId, signal?: AbortSignal): Promise<string | undefined> {
  const record = engine.records.byId(id);
  const { repository, directory } = record;
  // What never came to be ready holds nobody's work, and what has no repository has no remote to be behind of.
  if (repository === undefined || directory === undefined || statusOf(record) === "creating") return undefined;
  try {
    return inWords(await lookAt(engine, record, signal));
  } catch (error) {
    throwIfAborted(signal);
    return `what could not be looked at (${toWsError(error).message})`;
  }
}

/** The refusal to destroy what lies nowhere else. */
export function unpushedWork(record: WorkspaceRecord, holder: string): WsError<"unpushed_work"> {
  const { name } = record;
  return new WsError("unpushed_work", {
    message: `'${name}' is kept: it holds ${holder}.`,
    next: `Save it with 'ws finalize ${name} --commit MESSAGE --push', or destroy it with 'ws delete ${name} --force'.`,
    data: { name, reason: "unpushed_work" },
  });
}

/** Looks at a stopped workspace too, which is started for it and stopped again. */
export async function lookAt(engine: Engine, record: WorkspaceRecord, signal?: AbortSignal): Promise<WorkState> {
  const { clock, boxes, git } = engine;
  const { repository } = record;
  if (repository === undefined) throw new Error("a workspace without a repository was looked at");
  const late = (): WsError => new WsError("timeout", { message: "It took too long.", data: { afterMs: LOOK_MS } });
  return inTime(clock, { ms: LOOK_MS, signal, late }, async (ending) => {
    await using stopping = new AsyncDisposableStack();
    if (record.power === "stopped") {
      const runtime = engine.runtime(record.runtime);
      // Written down: after a crash it is to be stopped again, and not taken for one that somebody started.
      begin(engine, record.id, "look");
      stopping.defer(async () => {
        await boxes.drop(record.id);
        await runtime.stop(record.id);
        engine.records.change(record.id, withoutOperation);
      });
      await runtime.start(placeOf(record), ending);
    }
    const box: Box = await boxes.open(record);
    // Awaited here: it is stopped again as soon as this returns.
    return await git.workState(box, repository, {
      env: await environmentOf(engine, record, box),
      group: GROUP,
      signal: ending,
    });
  });
}

function inWords({ uncommitted, unpushed, stashes, branch }: WorkState): string | undefined {
  const parts = [
    counted(uncommitted.count, "file that is not committed", "files that are not committed"),
    counted(unpushed, "commit that is not pushed", "commits that are not pushed"),
    counted(stashes, "stash", "stashes"),
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  return `${parts.join(" and ")}${branch === undefined ? "" : ` (on ${branch})`}`;
}

function counted(count: number, one: string, many: string): string | undefined {
  return count === 0 ? undefined : `${count} ${count === 1 ? one : many}`;
}
