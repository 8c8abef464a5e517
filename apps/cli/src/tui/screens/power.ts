import type { WorkspaceInfo } from "@ws/rpc-contract";
import { toCliError } from "../../errors.ts";
import type { App } from "../state/app-context.ts";

/** What can be done to a workspace as it is now; what ends or removes something asks first. */
export function powerActions(
  app: App,
  workspace: WorkspaceInfo,
): { start?: () => Promise<void>; stop?: () => void; remove?: () => void } {
  const { client } = app.session;
  const { name, status } = workspace;
  const remove = (): void => askToDelete(app, workspace);
  if (status === "creating") return { remove };
  if (status !== "running") {
    return {
      start: () => client.workspaces.start({ name }).then(() => undefined),
      remove,
    };
  }
  return {
    stop: () =>
      app.question.set({
        statement: `Stop '${name}'? Its processes end, also those in its terminals; its home stays.`,
        choices: [{ key: "y", words: "stop", run: async () => void (await client.workspaces.stop({ name })) }],
      }),
    remove,
  };
}

function askToDelete(app: App, { name, repo, directory }: WorkspaceInfo): void {
  const { client } = app.session;
  const home = repo === undefined ? "all files" : (directory ?? repo);
  const refused = repo === undefined ? "" : " It is refused where that holds work that was not pushed.";
  const run = async (): Promise<void> => {
    try {
      await client.workspaces.delete({ name });
    } catch (error) {
      const { code, message } = toCliError(error);
      if (code !== "unpushed_work") throw error;
      // By another key: nobody should destroy work by pressing the same one twice.
      app.question.set({
        statement: `${message} Delete it all the same? That work is then gone for ever.`,
        choices: [
          {
            key: "D",
            words: "delete it all the same",
            run: async () => void (await client.workspaces.delete({ name, force: true })),
          },
        ],
      });
    }
  };
  app.question.set({
    statement: `Delete '${name}'? This removes for ever its home with ${home}.${refused}`,
    choices: [{ key: "y", words: "delete", run }],
  });
}
