import { frozen, type Failure, type WorkspaceId, type WorkspaceRecord } from "@ws/workspace-core";
import type { Redactor } from "../log/redact.ts";
import type { Seal } from "./seal.ts";

/** A record as it is written: what its processes are given, and what tells of its files, lies in it sealed. */
type Written = WorkspaceRecord & { sealed?: string };
type Sealed = Pick<WorkspaceRecord, "env" | "given"> & { input?: string };

export interface Keeping {
  redactor: Pick<Redactor, "clean">;
  seal: Seal;
}

export function columnsOf(record: WorkspaceRecord, keeping: Keeping) {
  return {
    id: record.id,
    name: record.name,
    live: record.phase === "cleaned_up" ? 0 : 1,
    request_key: record.request?.key ?? null,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    record: JSON.stringify(sealed(withoutSecrets(record, keeping), keeping)),
  };
}

export function readRecord(text: string, { seal }: Pick<Keeping, "seal">): WorkspaceRecord {
  const { sealed: closed, ...written } = JSON.parse(text) as Written;
  if (closed === undefined) return frozen(written);
  const { input, ...opened } = JSON.parse(seal.open(closed, about(written.id)) ?? "{}") as Partial<Sealed>;
  const { request } = written;
  return frozen({
    ...written,
    ...opened,
    ...(request === undefined || input === undefined ? {} : { request: { ...request, input } }),
  });
}

/** Whether what was sealed in it can no longer be read: its key is another, or gone. */
export function isUnreadable(text: string, { seal }: Pick<Keeping, "seal">): boolean {
  const { id, sealed: closed } = JSON.parse(text) as Written;
  return closed !== undefined && seal.open(closed, about(id)) === undefined;
}

/** Whether it was written by a version that sealed nothing, and has what is sealed now. */
export function isOpen(text: string): boolean {
  const { sealed: closed, env, given } = JSON.parse(text) as Written;
  return closed === undefined && (Object.keys(env).length > 0 || given !== undefined);
}

/** What was asked for at its create has its variables, too. */
function sealed(record: WorkspaceRecord, { seal }: Keeping): Written {
  const { env, given, request } = record;
  if (Object.keys(env).length === 0 && Object.keys(given ?? {}).length === 0) return record;
  const { given: _given, ...rest } = record;
  const content: Sealed = {
    env,
    ...(given === undefined ? {} : { given }),
    ...(request === undefined ? {} : { input: request.input }),
  };
  return {
    ...rest,
    env: {},
    ...(request === undefined ? {} : { request: { ...request, input: "" } }),
    sealed: seal.close(JSON.stringify(content), about(record.id)),
  };
}

function about(id: WorkspaceId): string {
  return `workspace ${id}`;
}

/** What programs said may hold a secret. */
function withoutSecrets(record: WorkspaceRecord, { redactor }: Keeping): WorkspaceRecord {
  const { id, failure } = record;
  const said = ({ message }: { message?: string }): { message?: string } =>
    message === undefined ? {} : { message: redactor.clean(message, id) };
  return {
    ...record,
    startup: record.startup.map((step) => ({ ...step, ...said(step) })),
    ...(failure === undefined ? {} : { failure: withoutSecretsIn(failure, (text) => redactor.clean(text, id)) }),
  };
}

function withoutSecretsIn({ message, next, ...failure }: Failure, clean: (text: string) => string): Failure {
  return { ...failure, message: clean(message), ...(next === undefined ? {} : { next: clean(next) }) };
}
