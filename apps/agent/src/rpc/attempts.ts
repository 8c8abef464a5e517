import { pickAttempt } from "../attempts/pick-attempt.ts";
import { listAttempts, showAttempts } from "../attempts/show-attempts.ts";
import { startAttempts } from "../attempts/start-attempts.ts";
import { createTurns } from "../attempts/turns.ts";
import { commitMessage } from "../providers/commit-message.ts";
import type { RequestContext, Services } from "./context.ts";
import type { Guarded } from "./guard.ts";
import { openTasks } from "./open-tasks.ts";
import { untilGone } from "./until.ts";
import { toPullRequest } from "./workspace-info.ts";

/** One task several times, and the best of what came of it. */
export function attemptsRouter(guard: Guarded, services: Services) {
  const os = guard.attempts;
  const turns = createTurns();

  async function shown(id: string, context: RequestContext, asked: AbortSignal | undefined) {
    const open = await openTasks(services);
    const signal = untilGone(services, context, asked);
    const layers = context.caller?.policy ?? [];
    return showAttempts(open, id, (name) => open.workspaces.git(name, { layers, signal }));
  }

  return os.router({
    start: os.start.handler(async ({ input, context, signal }) => {
      const [{ tasks }, worker] = await Promise.all([openTasks(services), services.ready()]);
      const id = await startAttempts(input, { tasks, worker, services, context, turns, signal });
      return shown(id, context, signal);
    }),
    list: os.list.handler(async () => listAttempts(await openTasks(services))),
    show: os.show.handler(async ({ input: { id }, context, signal }) => shown(id, context, signal)),
    pick: os.pick.handler(async ({ input, context }) => {
      const open = await openTasks(services);
      const asked = { ...input };
      if (input.commitMessage !== undefined) {
        const url = open.workspaces.list().find(({ name }) => name === input.name)?.repository?.url;
        asked.commitMessage = await commitMessage(services.providers, url, input.commitMessage);
      }
      const { pullRequest, others } = await turns.run(input.id, () =>
        pickAttempt(open, asked, context.caller?.policy ?? []),
      );
      return { others, ...(pullRequest === undefined ? {} : { pullRequest: toPullRequest(pullRequest) }) };
    }),
  });
}
