import type { Box } from "../../ports.ts";
import { createRuns } from "../../runs/create-runs.ts";
import { clock } from "../terminals-suite/driving.ts";

/** What an agent that is to be killed does: starts these runs, waits for them, reads what they print, and says when it has some of each. */
export async function startDoomedRuns(box: Box, ids: readonly string[], code: string): Promise<void> {
  const runs = createRuns(box, { clock });
  await Promise.all(
    ids.map(async (id) => {
      await runs.start({ id, argv: ["sh", "-c", code, id], keep: { head: 1e6, tail: 1e6 }, errors: "merged" });
      runs.ended(id).catch(() => undefined);
      const output = runs.read(id, 0)[Symbol.asyncIterator]();
      await output.next();
      void (async () => {
        while ((await output.next()).done !== true);
      })().catch(() => undefined);
    }),
  );
}
