import type { TaskInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { useMemo } from "react";
import { given } from "../../given.ts";
import { Words } from "../parts/line.tsx";
import { Page } from "../parts/page.tsx";
import { Rows } from "../parts/rows.tsx";
import { useSelection } from "../parts/selection.ts";
import { useApp } from "../state/app-context.ts";
import { useLoaded } from "../state/load.ts";
import { useStore } from "../state/store.ts";
import { taskActions } from "./task-actions.ts";
import { idOfTask, TASK_COLUMNS } from "./task-rows.tsx";

/** The tasks of one workspace, or of all, the last created first; those that are over as far as the worker lists them. */
export function Tasks({ workspace }: { workspace: string | undefined }) {
  const app = useApp();
  const { client } = app.session;
  const live = useStore(app.session.tasks);
  const question = useMemo(() => ({ client, name: workspace }), [client, workspace]);
  const listed = useLoaded(question, list);
  const tasks = useMemo(
    // Together, so that the first row stays the first one.
    () =>
      listed.kind === "loading"
        ? []
        : merged(listed.kind === "there" ? listed.value : [], [...live.values()], workspace),
    [listed, live, workspace],
  );
  const selection = useSelection(tasks, idOfTask);
  const { item } = selection;
  const open = ({ id }: TaskInfo): void => app.open({ screen: "task", id });
  return (
    <Page
      screen="tasks"
      path={[...(workspace === undefined ? [] : [workspace]), "tasks"]}
      rows={tasks.length === 0 ? undefined : selection.keys}
      actions={item === undefined ? {} : { open: () => open(item), ...taskActions(app, item) }}
    >
      {tasks.length > 0 ? (
        <Rows columns={TASK_COLUMNS} selection={selection} onOpen={open} />
      ) : listed.kind === "failed" ? (
        <Words pieces={[[listed.why, "bad"]]} />
      ) : listed.kind === "loading" ? (
        <Words pieces={[["Asking the worker …", "muted"]]} />
      ) : (
        <Words
          pieces={[
            ["No tasks yet.", "strong"],
            ["\n\nQueue one: ", "muted"],
            app.asCalled(`ws task add ${workspace ?? "NAME"} --agent claude "what is to be done"`),
          ]}
        />
      )}
    </Page>
  );
}

function list(
  { client, name }: { client: AgentClient; name: string | undefined },
  signal: AbortSignal,
): Promise<readonly TaskInfo[]> {
  return client.tasks.list(given({ name }), { signal });
}

/** What was told last of each counts. */
function merged(
  listed: readonly TaskInfo[],
  live: readonly TaskInfo[],
  workspace: string | undefined,
): readonly TaskInfo[] {
  const all = new Map([...listed, ...live].map((task) => [task.id, task]));
  return [...all.values()]
    .filter((task) => workspace === undefined || task.workspace === workspace)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}
