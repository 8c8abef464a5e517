import type { ScriptEvent } from "@ws/rpc-contract";
import type { ScriptNews } from "@ws/workspace-core";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";
import { untilGone } from "./until.ts";

/** The worker's scripts, run again: told at the end, or as they go on. */
export function scriptProcedures(guard: Guarded, services: Services) {
  const os = guard.workspaces;
  const core = async () => (await services.ready()).workspaces;
  return {
    runScripts: os.runScripts.handler(async ({ input, context, signal }) =>
      (await core()).runScripts(input.name, { script: input.script, signal: untilGone(services, context, signal) }),
    ),
    followScripts: os.followScripts.handler(async ({ input, context, signal }) => {
      const workspaces = await core();
      // A stream that fails after its first byte cannot say so with a status.
      const { id } = workspaces.get(input.name);
      const asked = { script: input.script, signal: untilGone(services, context, signal) };
      return told(workspaces.followScripts(input.name, asked), (text) => services.redactor.clean(text, id));
    }),
  };
}

async function* told(news: AsyncIterable<ScriptNews>, clean: (text: string) => string): AsyncGenerator<ScriptEvent> {
  for await (const one of news) {
    if ("line" in one) yield { type: "output", line: clean(one.line) };
    else yield { type: "ended", outcomes: one.outcomes };
  }
}
