import { isNumberZero, type Store, type TaskRecord } from "@ws/workspace-core";
import type { Redactor } from "../log/redact.ts";
import type { Audit, AuditRecord } from "../store/audit.ts";
import { promptOf } from "../tasks/prompt.ts";
import { asExecution } from "./execution.ts";

/** Writes down each task that came to its end and had begun, or may not: whose it was, what it ran, and how it ended. Called in the transaction that ends it. */
export function auditTaskEnds({
  audit,
  workspaces,
  redactor,
}: {
  audit: Pick<Audit, "append">;
  workspaces: Pick<Store, "get">;
  redactor: Pick<Redactor, "clean">;
}): (record: TaskRecord) => void {
  return (record) => {
    if (record.attempt === 0 && record.status !== "failed") return;
    // One that had no workspace yet stands with what that was to be made of.
    const place = isNumberZero(record.workspace) ? record.lease?.reference : undefined;
    const target = place ?? workspaces.get(record.workspace)?.name ?? record.workspace;
    const clean = (text: string): string => redactor.clean(text, record.workspace);
    audit.append(asAudited(record, { target, ran: asExecution({ command: promptOf(record.spec) }, clean) }));
  };
}

function asAudited(
  record: TaskRecord,
  { target, ran }: { target: string; ran: NonNullable<AuditRecord["details"]> },
): Omit<AuditRecord, "at"> {
  const { id, status, attempt, startedAt, completedAt, exit, error, createdBy } = record;
  const seconds = startedAt === undefined || completedAt === undefined ? undefined : (completedAt - startedAt) / 1_000;
  return {
    who: createdBy,
    action: "tasks.end",
    target,
    outcome: status === "completed" ? "ok" : (error?.code ?? status),
    details: {
      task: id,
      ...ran,
      attempt: String(attempt),
      ...(exit === undefined ? {} : { exitCode: String(exit.code) }),
      ...(seconds === undefined ? {} : { seconds: String(seconds) }),
    },
  };
}
