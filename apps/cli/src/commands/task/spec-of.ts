import type { TaskInput } from "@ws/rpc-contract";
import type { Context } from "../../context.ts";
import { CliError, EXIT } from "../../errors.ts";
import { given } from "../../given.ts";
import { localText } from "../../local-content.ts";

export const LANGUAGES = ["javascript", "typescript", "python", "sh"] as const;
export const ACTIONS = ["explain", "fix", "test", "review", "refactor", "document"] as const;
export const PERMISSIONS = ["ask", "edits", "all"] as const;

/** What a task is to do, as its options say it. */
export interface SpecFlags {
  code?: (typeof LANGUAGES)[number];
  agent?: string | true;
  model?: string;
  session?: string;
  permissions?: (typeof PERMISSIONS)[number];
  action?: (typeof ACTIONS)[number];
  path?: string;
  lines?: { from: number; to: number };
  diff?: string;
  cwd?: string;
  env?: Record<string, string>;
  stdin?: true;
}

type Spec = TaskInput["spec"];

/** The words after the name are a command, a prompt, or what is wanted beyond an action. */
export async function specOf({ io }: Pick<Context, "io">, words: readonly string[], flags: SpecFlags): Promise<Spec> {
  const kinds = (["code", "agent", "action"] as const).filter((kind) => flags[kind] !== undefined);
  if (kinds.length > 1) throw usage(`--${kinds.join(" and --")} do not go together.`, "Give one of them.");
  const [kind = "command"] = kinds;
  const odd = OPTIONS.find(([option, of]) => flags[option] !== undefined && !of.includes(kind))?.[0];
  if (odd !== undefined) throw usage(`--${odd} does not go with ${kind === "command" ? "a command" : `--${kind}`}.`);
  if (kind === "agent") return agentSpec(io, words, flags);
  if (kind === "action") return actionSpec(io, words, flags);
  if (kind === "code") return codeSpec(io, words, flags);
  if (words.length === 0) throw usage("There is no command.", "Give it after --: ws task add NAME -- CMD.");
  const { cwd, env, stdin } = flags;
  const input = stdin === true ? await localText(io, "-") : undefined;
  return { kind: "command", command: [...words], ...given({ cwd, env, stdin: input }) };
}

/** With which kinds an option goes. */
const OPTIONS: readonly (readonly [keyof SpecFlags, readonly string[]])[] = [
  ["model", ["agent", "action"]],
  ["session", ["agent"]],
  ["permissions", ["agent"]],
  ["path", ["action"]],
  ["lines", ["action"]],
  ["diff", ["action"]],
  ["cwd", ["command"]],
  ["env", ["command"]],
  ["stdin", ["command"]],
];

async function agentSpec(io: Context["io"], words: readonly string[], flags: SpecFlags): Promise<Spec> {
  const { agent, model, session, permissions } = flags;
  // What follows the option may be the prompt already: no tool is called so.
  const isTool = typeof agent === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(agent);
  const prompt = await textOf(io, typeof agent === "string" && !isTool ? [agent, ...words] : words);
  if (prompt.trim() === "") {
    const read = isTool ? `: '${agent}' was read as the name of the tool` : "";
    throw usage(
      `There is no prompt${read}.`,
      'Give it, or - for standard input: ws task add NAME --agent claude "PROMPT".',
    );
  }
  return { kind: "agent", prompt, ...given({ tool: isTool ? agent : undefined, model, session, permissions }) };
}

async function actionSpec(io: Context["io"], words: readonly string[], flags: SpecFlags): Promise<Spec> {
  const { action = "explain", path, lines, diff, model } = flags;
  const instructions = words.length === 0 ? undefined : await textOf(io, words);
  return { kind: "action", action, context: given({ path, lines, diff, instructions }), ...given({ model }) };
}

async function codeSpec(
  io: Context["io"],
  words: readonly string[],
  { code: language = "sh" }: SpecFlags,
): Promise<Spec> {
  if (words.length > 0) throw usage("--code takes no command.", "Give the code on standard input.");
  const code = await localText(io, "-");
  if (code === "") throw usage("There is no code.", "Give it on standard input: ws task add NAME --code sh < FILE.");
  return { kind: "code", language, code };
}

/** What is said in words, or given on standard input. */
export function textOf(io: Context["io"], words: readonly string[]): Promise<string> {
  return words.length === 1 && words[0] === "-" ? localText(io, "-") : Promise.resolve(words.join(" "));
}

export function usage(message: string, next?: string): CliError {
  return new CliError("usage", message, { ...(next === undefined ? {} : { next }), exit: EXIT.usage });
}
