import { frozen, isFinal, type TaskQuestion, type TaskRecord, type TaskSpec } from "@ws/workspace-core";
import type { Redactor } from "../log/redact.ts";
import type { Seal } from "./seal.ts";

/** How much of each text that a task was given a list shows, in characters. */
const SHOWN = 4_000;
/** Beyond this, in characters, what a task was given lies beside its record, where a list does not read it. */
const MOST_INLINE = 16_384;

/** A record as it is written: what its program is given may hold secrets, and lies in it sealed. */
type Written = Omit<TaskRecord, "spec"> & { spec: TaskSpec & { sealed?: string } };
export type TaskRow = Record<string, unknown> | undefined;

/**
 * A task as its row has it. `record` is what lists show; where that is not all of it, `given` has whole what the task was given. What was said
 * on the way may hold a secret, and is cleaned.
 */
export function columnsOf(record: TaskRecord, { redactor, seal }: { redactor: Pick<Redactor, "clean">; seal: Seal }) {
  const written: Written = { ...withoutSecrets(record, redactor), spec: sealedSpec(record, seal) };
  const whole = JSON.stringify(written);
  const { spec, followUp, ...rest } = written;
  const isLong = whole.length > MOST_INLINE;
  return {
    id: record.id,
    workspace: record.workspace,
    status: record.status,
    live: isFinal(record.status) ? 0 : 1,
    completed_at: record.completedAt ?? null,
    record: isLong ? JSON.stringify({ ...rest, spec: shown(spec) }) : whole,
    given: isLong ? JSON.stringify({ spec, followUp }) : null,
  };
}

/** The whole record. */
export function readRow(row: TaskRow, seal: Seal): TaskRecord | undefined {
  const written = parse(row);
  if (written === undefined) return undefined;
  const { sealed, ...spec } = written.spec;
  if (sealed === undefined) return frozen(written);
  const given = JSON.parse(seal.open(sealed, written.id) ?? "{}") as object;
  return frozen({ ...written, spec: { ...spec, ...given } });
}

/** The record as lists show it, of a row that may lack `given`. */
export function readShown(row: TaskRow): TaskRecord | undefined {
  if (row === undefined) return undefined;
  const written = JSON.parse(String(row["record"])) as Written;
  return frozen({ ...written, spec: shown(written.spec) });
}

/** Whether what its program is given is sealed with another key. */
export function isUnreadable(row: TaskRow, seal: Seal): boolean {
  const { id = "", spec } = parse(row) ?? {};
  return spec?.sealed !== undefined && seal.open(spec.sealed, id) === undefined;
}

function parse(row: TaskRow): Written | undefined {
  if (row === undefined) return undefined;
  const written = JSON.parse(String(row["record"])) as Written;
  const { given } = row;
  return typeof given === "string" ? { ...written, ...(JSON.parse(given) as object) } : written;
}

/** Without variables and input, which nobody is shown. */
function shown(spec: Written["spec"]): TaskSpec {
  if (spec.kind === "code") return { ...spec, code: spec.code.slice(0, SHOWN) };
  if (spec.kind === "agent") {
    const { about, ...rest } = { ...spec, prompt: spec.prompt.slice(0, SHOWN) };
    if (about === undefined) return rest;
    const { selection: _selection, ...place } = about;
    return { ...rest, about: place };
  }
  const { kind, argv, cwd } = spec;
  let left = SHOWN;
  const words = argv.flatMap((word) => {
    const part = word.slice(0, Math.max(0, left));
    const fits = left > 0;
    left -= word.length + 1;
    return fits ? [part] : [];
  });
  return { kind, argv: words as unknown as typeof argv, ...(cwd === undefined ? {} : { cwd }) };
}

function sealedSpec({ spec, id }: TaskRecord, seal: Seal): Written["spec"] {
  if (spec.kind !== "command") return spec;
  const { env, stdin, ...plain } = spec;
  if (env === undefined && stdin === undefined) return plain;
  return { ...plain, sealed: seal.close(JSON.stringify({ env, stdin }), id) };
}

function withoutSecrets(record: TaskRecord, { clean }: Pick<Redactor, "clean">): TaskRecord {
  const { workspace, error, waits, result, question } = record;
  return {
    ...record,
    ...(result === undefined ? {} : { result: clean(result, workspace) }),
    ...(question === undefined ? {} : { question: cleanQuestion(question, (text) => clean(text, workspace)) }),
    ...(error === undefined ? {} : { error: { ...error, message: clean(error.message, workspace) } }),
    ...(waits === undefined ? {} : { waits: { ...waits, message: clean(waits.message, workspace) } }),
  };
}

function cleanQuestion({ options, ...question }: TaskQuestion, clean: (text: string) => string): TaskQuestion {
  return {
    ...question,
    text: clean(question.text),
    ...(options === undefined ? {} : { options: options.map(clean) }),
  };
}
