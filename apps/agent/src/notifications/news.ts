import type { NotificationKind } from "@ws/rpc-contract";
import type { TaskRecord } from "@ws/workspace-core";

/** What a browser shows, and where a press on it leads. */
export interface News {
  kind: NotificationKind;
  /** One of the same tag takes the place of the one before. */
  tag: string;
  title: string;
  body: string;
  /** Of the dashboard. */
  path: string;
}

/** What there is to tell of a task as it is now; nothing as long as it needs nobody. `workspace` is its name. */
export function newsOf(record: TaskRecord, workspace: string | undefined): News | undefined {
  const kind = kindOf(record.status);
  if (kind === undefined) return undefined;
  const where = workspace === undefined ? "" : `${workspace}: `;
  const place = workspace === undefined ? "/tasks" : `/w/${workspace}/tasks`;
  const path = `${place}?task=${record.id}`;
  return {
    kind,
    tag: record.id,
    title: `${where}${saidOf(record)}`,
    body: record.question?.text ?? record.title,
    path,
  };
}

function kindOf(status: TaskRecord["status"]): NotificationKind | undefined {
  switch (status) {
    case "waiting_input":
    case "auth_failed":
    case "limited":
      return "asks";
    case "failed":
      return "failed";
    case "completed":
      return "finished";
    default:
      return undefined;
  }
}

function saidOf({ status, spec }: TaskRecord): string {
  const who = spec.kind === "agent" ? spec.tool : "a task";
  switch (status) {
    case "waiting_input":
      return `${who} asks you`;
    case "auth_failed":
      return `${who} needs a sign-in`;
    case "limited":
      return `${who} is at its limit`;
    case "failed":
      return "a task failed";
    default:
      return "a task is done";
  }
}
