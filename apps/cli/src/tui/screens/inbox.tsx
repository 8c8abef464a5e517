import type { TaskInfo } from "@ws/rpc-contract";
import { useMemo } from "react";
import { ago } from "../../output/workspace.ts";
import { Words } from "../parts/line.tsx";
import { Page } from "../parts/page.tsx";
import { NOTHING, Rows, type Column } from "../parts/rows.tsx";
import { useSelection } from "../parts/selection.ts";
import { useApp } from "../state/app-context.ts";
import { neededBy, needsSomebody } from "../state/needs.ts";
import { useStore } from "../state/store.ts";
import { taskActions } from "./task-actions.ts";
import { idOfTask } from "./task-rows.tsx";

/** What waits for somebody, the one that has waited longest first. */
export function Inbox() {
  const app = useApp();
  const live = useStore(app.session.tasks);
  const waiting = useMemo(
    () => [...live.values()].filter(needsSomebody).sort((a, b) => a.changedAt.localeCompare(b.changedAt)),
    [live],
  );
  const selection = useSelection(waiting, idOfTask);
  const { item } = selection;
  const open = ({ id }: TaskInfo): void => app.open({ screen: "task", id });
  return (
    <Page
      screen="inbox"
      path={["needs you"]}
      rows={waiting.length === 0 ? undefined : selection.keys}
      actions={item === undefined ? {} : { open: () => open(item), ...taskActions(app, item) }}
    >
      {waiting.length === 0 ? (
        <Words
          pieces={[
            ["Nothing needs you.", "strong"],
            ["\n\nTasks that ask something, or cannot log in, stand here until they go on.", "muted"],
          ]}
        />
      ) : (
        <Rows columns={COLUMNS} selection={selection} onOpen={open} />
      )}
    </Page>
  );
}

const COLUMNS: readonly Column<TaskInfo>[] = [
  { title: "TASK", cell: ({ title }) => title },
  { title: "NEEDS", cell: (task) => neededBy(task) ?? NOTHING },
  { title: "WORKSPACE", cell: ({ workspace }) => workspace || NOTHING, tone: () => "muted" },
  { title: "SINCE", cell: ({ changedAt }, now) => ago(changedAt, now), tone: () => "muted" },
];
