import type { TaskInfo } from "@ws/rpc-contract";
import { isOver } from "../../commands/task/task-text.ts";
import { cut } from "../../output/cut.ts";
import { oneLine } from "../../output/printable.ts";
import type { App } from "../state/app-context.ts";

/** What can be done with a task as it is; what ends it asks first. */
export function taskActions(app: App, task: TaskInfo): { cancel?: () => void; retry?: () => Promise<void> } {
  const { client } = app.session;
  if (isOver(task)) {
    return {
      async retry() {
        const again = await client.tasks.retry({ task: task.id });
        app.notice.set({ text: `Queued again as ${again.id}.`, isBad: false });
      },
    };
  }
  return {
    cancel: () =>
      app.ask({
        statement: `Cancel '${cut(oneLine(task.title), 40)}'? All its processes end.`,
        choices: [
          { key: "y", words: "cancel it", run: () => client.tasks.cancel({ task: task.id }).then(() => undefined) },
        ],
      }),
  };
}
