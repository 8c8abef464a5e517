import type { Argv } from "../box.ts";
import type { RunRequest } from "../runs/runs.ts";
import { runIdOf } from "./run-id.ts";
import type { CodeLanguage, TaskRecord } from "./task.ts";

/** What is kept of the output of one attempt. */
const KEEP = { head: 1024 * 1024, tail: 4 * 1024 * 1024 };

/** Each reads its program from stdin, so that no part of it becomes an argument. */
const INTERPRETERS: Readonly<Record<CodeLanguage, Argv>> = {
  javascript: ["node", "-"],
  typescript: ["node", "--input-type=module-typescript", "-"],
  python: ["python3", "-"],
  sh: ["sh", "-s"],
};

/** The run of a task's present attempt. */
export function runOfTask(record: TaskRecord): RunRequest {
  const { spec, timeoutMs } = record;
  const common = {
    id: runIdOf(record),
    keep: KEEP,
    errors: "merged",
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  } as const;
  const stdin = (text: string) => ({ stdin: new TextEncoder().encode(text) });
  if (spec.kind === "code") return { ...common, argv: INTERPRETERS[spec.language], ...stdin(spec.code) };
  const { argv, cwd, env } = spec;
  return {
    ...common,
    argv,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(spec.stdin === undefined ? {} : stdin(spec.stdin)),
  };
}
