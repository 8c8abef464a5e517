import type { Engine } from "./engine.ts";
import { WsError } from "./errors.ts";
import { environmentOf } from "./process-environment.ts";
import type { Box } from "./ports.ts";
import type { Runs } from "./runs/runs.ts";
import type { WorkspaceRecord } from "./workspace.ts";

/** Gives a workspace's runs its directory and its environment, and counts waiting for one as use of the workspace. */
export function createRunsOf(engine: Engine): (record: WorkspaceRecord, box: Box) => Promise<Runs> {
  const opened = new WeakMap<Box, Promise<Runs>>();

  return async (record, box) => {
    const { openRuns } = engine;
    if (openRuns === undefined) throw noRuns();
    let pending = opened.get(box);
    if (pending === undefined) {
      pending = openRuns(box);
      opened.set(box, pending);
      pending.catch(() => opened.delete(box));
    }
    const runs = await pending;
    return {
      async start(request) {
        const { directory: cwd } = record;
        const env = { ...(await environmentOf(engine, record, box)), ...request.env };
        return runs.start({ ...(cwd === undefined ? {} : { cwd }), ...request, env });
      },
      list: (signal) => runs.list(signal),
      ended(id, signal) {
        const over = runs.ended(id, signal);
        engine.uses.during(record.id, over);
        return over;
      },
      read: (id, from, options) => runs.read(id, from, options),
      end: (id, options) => runs.end(id, options),
      remove: (id) => runs.remove(id),
    };
  };
}

function noRuns(): WsError<"box_feature_missing"> {
  return new WsError("box_feature_missing", {
    message: "Nothing can be run here that goes on by itself.",
    next: "Run it while you wait: ws exec NAME -- CMD.",
    data: { feature: "runs", missing: ["runs"] },
  });
}
