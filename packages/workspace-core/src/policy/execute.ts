import type { CodeLanguage, TaskSpec } from "../tasks/task.ts";
import type { PolicyAct } from "./layers.ts";

/** What somebody asks to be run in a workspace. A command in one text is read by a shell. */
export type Executed =
  | { command: string | readonly string[]; env?: Readonly<Record<string, string>> | undefined }
  | { terminal: true }
  | { task: TaskSpec };

/** What a policy is asked of it; `own` are the variables that the workspace gives to all its programs. */
export function toExecute(what: Executed, own: Readonly<Record<string, string>> = {}): PolicyAct {
  const act = (argv: readonly string[], by: "words" | "terminal", env: object = {}): PolicyAct => ({
    act: "execute",
    program: argv[0] ?? "",
    by: argv[0] === "sh" && argv[1] === "-c" ? "text" : by,
    variables: Object.keys(env),
    own: Object.keys(own),
  });
  // Whatever it was opened with, it may be there already and run something else.
  if ("terminal" in what) return act(["sh"], "terminal");
  if ("command" in what) {
    const { command, env } = what;
    return act(typeof command === "string" ? ["sh", "-c"] : command, "words", env);
  }
  const { task } = what;
  // It runs whatever it likes: whoever lists it allows that.
  if (task.kind === "agent") return act([task.tool], "words");
  if (task.kind === "code") return act([INTERPRETERS[task.language]], "words");
  return act(task.argv, "words", task.env);
}

const INTERPRETERS: Readonly<Record<CodeLanguage, string>> = {
  javascript: "node",
  typescript: "node",
  python: "python3",
  sh: "sh",
};
