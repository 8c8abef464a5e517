import type { TaskInfo, WorkspaceInfo } from "@ws/rpc-contract";
import { dollars } from "../../components/money.ts";
import { budgetTitle, type InboxItem } from "./items.ts";
import type { Asks } from "../../../service-worker/news.ts";
import type { Tellable } from "./notifier.ts";

interface Known {
  /** What waits for somebody. */
  items: readonly InboxItem[];
  /** All tasks that are known, with those that are over. */
  tasks: Iterable<TaskInfo>;
  workspaces: readonly WorkspaceInfo[];
  /** Of the worker, from the page's origin on: empty for its own. */
  base: string;
}

/** All that somebody who is away may be told of: what waits for them, what is done, and whose checks fail. */
export function tellablesOf({ items, tasks, workspaces, base }: Known): Tellable[] {
  return [
    ...items.map((item) => waiting(item, base)),
    ...[...tasks].filter(({ status }) => status === "completed").map(finished),
    ...workspaces.flatMap(failing),
  ];
}

function waiting(item: InboxItem, base: string): Tellable {
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
          : {
              tag: task.id,
              title: `${where}${tool} asks you`,
              body: task.question?.text ?? task.title,
              ...asksOf(task, base),
            };
      return { key, kind: "asks", news };
    }
  }
}

function asksOf({ id, attempt, question, permissions }: TaskInfo, base: string): { asks?: Asks } {
  return question === undefined ? {} : { asks: { task: id, attempt, permissions, base, ...question } };
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
