import { asTyped, type ActionContext, type TaskSpec } from "@ws/workspace-core";

const LONGEST = 4_000;

/**
 * What a task is to do, in one text: a command's words as they would be typed, or the beginning of code or of a prompt. The prompt of an action holds
 * files as its asker saw them, which not everybody may: of it there is only what it is about and what was wanted beyond that.
 */
export function promptOf(spec: TaskSpec): string {
  return wordsOf(spec).slice(0, LONGEST);
}

function wordsOf(spec: TaskSpec): string {
  if (spec.kind === "agent") return spec.action === undefined ? spec.prompt : actionWords(spec.action, spec.about);
  return spec.kind === "code" ? spec.code : spec.argv.map(asTyped).join(" ");
}

function actionWords(action: string, { path, lines, diff, instructions = "" }: ActionContext = {}): string {
  const where = lines === undefined ? path : `${path}, lines ${lines.from} to ${lines.to}`;
  const about = [action, where ?? diff ?? "the repository"].join(" ");
  return instructions.trim() === "" ? about : `${about}\n\n${instructions.trim()}`;
}
