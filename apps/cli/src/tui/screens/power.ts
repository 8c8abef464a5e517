import type { WorkspaceInfo } from "@ws/rpc-contract";
import { toCliError } from "../../errors.ts";
import { cut } from "../../output/cut.ts";
import { oneLine } from "../../output/printable.ts";
import type { App } from "../state/app-context.ts";

/**
 * What can be done to a workspace as it is now; what ends or removes something asks first. A question may stand for hours, and names
 * change hands: the id says which one it was about.
 */
export function powerActions(
  app: App,
  workspace: WorkspaceInfo,
): { start?: () => Promise<void>; stop?: () => void; remove?: () => void } {
  const { client } = app.session;
  const { id, name, status } = workspace;
  const remove = (): void => askToDelete(app, workspace);
  if (status === "creating") return { remove };
  if (status !== "running") {
    return {
      start: () => app.during(name, client.workspaces.start({ name, id })).then(() => undefined),
      remove,
    };
  }
  const stop = async (): Promise<void> => {
    await app.during(name, client.workspaces.stop({ name, id }));
  };
  return {
    stop: () =>
      app.ask({
        statement: `Stop '${name}'? Its processes end, also those in its terminals; its home stays.`,
        choices: [{ key: "y", words: "stop", run: stop }],
      }),
    remove,
  };
}

function askToDelete(app: App, workspace: WorkspaceInfo): void {
  const { client } = app.session;
  const { id, name, repo, directory } = workspace;
  const home = repo === undefined ? "all files" : cut(oneLine(directory ?? repo), 40);
  const refused = repo === undefined ? "" : " It is refused where that holds work that was not pushed.";
  const destroy = async (): Promise<void> => {
    await app.during(name, client.workspaces.delete({ name, id, force: true }));
  };
  const run = async (): Promise<void> => {
    const isHere = app.here();
    try {
      await app.during(name, client.workspaces.delete({ name, id }));
    } catch (error) {
      const { code, message } = toCliError(error);
      if (code !== "unpushed_work") throw error;
      // The next key may be meant for a field, a program or what else is asked.
      if (!isHere() || app.question.get() !== undefined) {
        return app.notice.set({ text: `${message} It is kept; to delete it all the same, begin anew.`, isBad: true });
      }
      // By another key: nobody should destroy work by pressing the same one twice.
      app.ask({
        statement: `${message} Delete it all the same? That work is then gone for ever.`,
        choices: [{ key: "D", words: "delete it all the same", run: destroy }],
      });
    }
  };
  app.ask({
    statement: `Delete '${name}'? This removes for ever its home with ${home}.${refused}`,
    choices: [{ key: "y", words: "delete", run }],
  });
}
