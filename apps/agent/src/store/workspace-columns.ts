import { frozen, type Failure, type WorkspaceId, type WorkspaceRecord } from "@ws/workspace-core";
import type { Redactor } from "../log/redact.ts";
import type { Seal } from "./seal.ts";

/** A record as it is written: what its processes are given, and what tells of its files, lies in it sealed. */
type Written = WorkspaceRecord & {
  sealed?: string;
  /** What was sealed earlier, with a key that was away when this was written; it may be back another day. Oldest first. */
  unopened?: readonly string[];
};
type Sealed = Pick<WorkspaceRecord, "env" | "given"> & { input?: string };

export interface Keeping {
  redactor: Pick<Redactor, "clean">;
  seal: Seal;
}

/** A record, and what was sealed in it and could not be opened, which is to be written back with it. */
export interface Read {
  record: WorkspaceRecord;
  unopened: readonly string[];
}

export function columnsOf(record: WorkspaceRecord, { unopened, ...keeping }: Keeping & Pick<Read, "unopened">) {
  return {
    id: record.id,
    name: record.name,
    live: record.phase === "cleaned_up" ? 0 : 1,
    request_key: record.request?.key ?? null,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    record: JSON.stringify({
      ...sealed(withoutSecrets(record, keeping), keeping),
      // Of what is gone nothing is kept that was given to it.
      ...(unopened.length === 0 || record.phase === "cleaned_up" ? {} : { unopened }),
    }),
  };
}

export function readRecord(text: string, { seal }: Pick<Keeping, "seal">): Read {
  const { sealed: closed, unopened: before = [], ...written } = JSON.parse(text) as Written;
  const texts = closed === undefined ? before : [...before, closed];
  const unopened: string[] = [];
  let record: WorkspaceRecord = written;
  for (const each of texts) {
    const content = seal.open(each, about(written.id));
    if (content === undefined) unopened.push(each);
    else record = withOpened(record, JSON.parse(content) as Sealed);
  }
  return { record: frozen(record), unopened };
}

/** What was given later holds; what was left empty only because it could not be opened then is as it was before. */
function withOpened(record: WorkspaceRecord, { env, given, input }: Sealed): WorkspaceRecord {
  const { request } = record;
  return {
    ...record,
    env: { ...record.env, ...env },
    ...(given === undefined ? {} : { given: { ...record.given, ...given } }),
    ...(request === undefined || input === undefined || input === "" ? {} : { request: { ...request, input } }),
  };
}

/** Whether what it was given can no longer be read, its key being another or gone, and was not given again. */
export function isUnreadable(text: string, keeping: Pick<Keeping, "seal">): boolean {
  const { record, unopened } = readRecord(text, keeping);
  return unopened.length > 0 && Object.keys(record.env).length === 0;
}

/** Whether it was written by a version that sealed nothing, and has what is sealed now. */
export function isOpen(text: string): boolean {
  const { sealed: closed, env, given } = JSON.parse(text) as Written;
  return closed === undefined && Object.keys({ ...env, ...given }).length > 0;
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
