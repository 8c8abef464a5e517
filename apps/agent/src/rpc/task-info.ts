import type { TaskInfo } from "@ws/rpc-contract";
import {
  isNumberZero,
  type TaskFailure,
  type TaskQuestion,
  type TaskRecord,
  type Workspaces,
} from "@ws/workspace-core";
import { promptOf } from "../tasks/prompt.ts";
import { withoutAbsent } from "../without-absent.ts";
import type { Services } from "./context.ts";

/** Variables and input are not shown: what is secret is given there. */
export function toInfo(record: TaskRecord, workspaces: Workspaces, clean: Services["redactor"]["clean"]): TaskInfo {
  const { workspace, startedAt, completedAt, notBefore, timeoutMs, exit, execution, retryOf, error, waits, lease } =
    record;
  const said = (text: string): string => clean(text, workspace);
  const failure = (one: TaskFailure): TaskFailure => ({ ...one, message: said(one.message) });
  return {
    id: record.id,
    workspaceId: isNumberZero(workspace) ? "" : workspace,
    workspace: workspaces.find(workspace)?.name ?? "",
    title: said(record.title),
    kind: record.spec.kind,
    prompt: said(promptOf(record.spec)),
    status: record.status,
    priority: record.priority,
    dependsOn: [...record.dependsOn],
    attempt: record.attempt,
    retriesLeft: record.retriesLeft,
    restartable: record.restartable,
    createdAt: instant(record.createdAt),
    createdBy: record.createdBy,
    changedAt: instant(record.changedAt),
    ...(lease === undefined ? {} : { reference: lease.reference }),
    ...(lease?.id === undefined ? {} : { lease: lease.id }),
    ...(execution === undefined ? {} : { execution }),
    ...(timeoutMs === undefined ? {} : { timeoutSeconds: timeoutMs / 1_000 }),
    ...(startedAt === undefined ? {} : { startedAt: instant(startedAt) }),
    ...(completedAt === undefined ? {} : { completedAt: instant(completedAt) }),
    ...(notBefore === undefined ? {} : { notBefore: instant(notBefore) }),
    ...(record.cancelling === true ? { cancelling: true } : {}),
    ...(waits === undefined ? {} : { waits: failure(waits) }),
    ...(exit === undefined ? {} : { exitCode: exit.code }),
    ...(exit?.signal === undefined ? {} : { signal: exit.signal }),
    ...(error === undefined ? {} : { error: failure(error) }),
    ...(retryOf === undefined ? {} : { retryOf }),
    ...(record.spec.kind === "agent" ? ofTool(record, said) : {}),
  };
}

/** What is known of a task of a coding tool beyond what every task has. */
function ofTool(record: TaskRecord, said: (text: string) => string): Partial<TaskInfo> {
  const { spec, session, question, account, result, usage, followUpOf } = record;
  if (spec.kind !== "agent") return {};
  const { tool, model, action, permissions } = spec;
  return withoutAbsent({
    tool,
    model,
    action,
    permissions,
    session: session ?? spec.session,
    account,
    followUpOf,
    usage,
    ...(question === undefined ? {} : { question: asked(question, said) }),
    ...(result === undefined ? {} : { result: said(result) }),
  });
}

function asked({ text, options, reason }: TaskQuestion, said: (text: string) => string): TaskInfo["question"] {
  return { text: said(text), reason, ...(options === undefined ? {} : { options: options.map(said) }) };
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
