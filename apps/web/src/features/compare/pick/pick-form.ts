import type { Problem } from "../../../problem.ts";

/** What the form holds, as it was typed. */
export interface PickValues {
  message: string;
  opens: boolean;
  title: string;
  body: string;
  draft: boolean;
  discard: boolean;
}

/** What the worker is asked for. */
export interface PickInput {
  id: string;
  name: string;
  commitMessage?: string;
  pullRequest?: { title: string; body?: string; draft: boolean };
  discard: boolean;
}

/** What is wrong with it, by field; `commits` says whether there is something to be committed, or might be. */
export function faultsOf(values: PickValues, commits: boolean): Partial<Record<"message" | "title", string>> {
  return {
    ...(commits && values.message.trim() === "" ? { message: "A commit needs a message." } : {}),
    ...(values.opens && values.title.trim() === "" ? { title: "A pull request needs a title." } : {}),
  };
}

/** Of a form without faults. */
export function toPickInput(values: PickValues, of: { id: string; name: string; commits: boolean }): PickInput {
  const { message, opens, title, body, draft, discard } = values;
  const { id, name, commits } = of;
  const said = body.trim();
  return {
    id,
    name,
    discard,
    ...(commits ? { commitMessage: message.trim() } : {}),
    ...(opens ? { pullRequest: { title: title.trim(), draft, ...(said === "" ? {} : { body: said }) } } : {}),
  };
}

const PLACES: Readonly<Record<string, "message" | "title">> = {
  uncommitted_work: "message",
  identity_missing: "message",
  commit_disabled: "message",
  pull_request_refused: "title",
  forge_unknown: "title",
};

/** The field that a refusal is about; undefined where it is about none. */
export function placeOf({ code }: Pick<Problem, "code">): "message" | "title" | undefined {
  return Object.hasOwn(PLACES, code) ? PLACES[code] : undefined;
}

/** The first line, as long as a commit's subject and a pull request's title are read. */
export function headline(text: string): string {
  const first = text.trim().split("\n")[0]?.trim() ?? "";
  return first.length > 120 ? `${first.slice(0, 119)}…` : first;
}
