import type { TaskInfo, WorkspaceInfo } from "@ws/rpc-contract";
import { dollars } from "../../components/money.ts";
import { budgetTitle, type InboxItem } from "./items.ts";
import type { Tellable } from "./notifier.ts";

interface Known {
  /** What waits for somebody. */
  items: readonly InboxItem[];
  /** All tasks that are known, with those that are over. */
  tasks: Iterable<TaskInfo>;
  workspaces: readonly WorkspaceInfo[];
}

/** All that somebody who is away may be told of: what waits for them, what is done, and whose checks fail. */
export function tellablesOf({ items, tasks, workspaces }: Known): Tellable[] {
  return [
    ...items.map(waiting),
    ...[...tasks].filter(({ status }) => status === "completed").map(finished),
    ...workspaces.flatMap(failing),
  ];
}

function waiting(item: InboxItem): Tellable {
  const { key } = item;
  if (item.kind === "egress") {
    const hosts = item.refusals.map(({ host }) => host).join(", ");
    const title = `${item.workspace}: a host was refused`;
    return { key, kind: "refused", news: { tag: `egress ${item.id}`, title, body: hosts } };
  }
  if (item.kind === "budget") {
    const body = `${dollars(item.spent)} of ${dollars(item.limit)}`;
    return { key, kind: "limits", news: { tag: key, title: budgetTitle(item), body } };
  }
  const { task } = item;
  const where = whereOf(task);
  const tool = task.tool ?? "A task";
  switch (item.kind) {
    case "limit": {
      const { length } = item.held;
      const body = length === 1 ? task.title : `${length} tasks wait for it.`;
      return { key, kind: "limits", news: { tag: key, title: `${tool} is at its limit`, body } };
    }
    case "failed":
      return { key, kind: "failed", news: { tag: task.id, title: `${where}a task failed`, body: task.title } };
    case "task": {
      const news =
        task.status === "auth_failed"
          ? { tag: task.id, title: `${where}${tool} needs a sign-in`, body: task.title }
          : { tag: task.id, title: `${where}${tool} asks you`, body: task.question?.text ?? task.title };
      return { key, kind: "asks", news };
    }
  }
}

function finished(task: TaskInfo): Tellable {
  const { id, attempt, title } = task;
  const news = { tag: id, title: `${whereOf(task)}a task is done`, body: title };
  return { key: `${id} completed ${attempt}`, kind: "finished", news };
}

/** Once for each time that they fail: what is pushed meanwhile is looked at anew. */
function failing({ id, name, checks }: WorkspaceInfo): Tellable[] {
  if (checks?.state !== "failure") return [];
  const body = checks.failed.join(", ");
  return [
    {
      key: `checks ${id} ${checks.at}`,
      kind: "checks",
      news: { tag: `checks ${id}`, title: `${name}: checks fail`, body },
    },
  ];
}

function whereOf({ workspace }: TaskInfo): string {
  return workspace === "" ? "" : `${workspace}: `;
}
