import { WsError } from "../errors.ts";
import { excerpt } from "../names.ts";
import { GIVABLE } from "./commands.ts";
import type { PolicyAct, PolicyLayer } from "./layers.ts";
import { relativePath } from "./relative-path.ts";
import type { PolicyKey } from "./rules.ts";

export interface Refusal {
  code:
    | "path_not_allowed"
    | "read_only"
    | "branch_not_allowed"
    | "commit_disabled"
    | "push_disabled"
    | "command_not_allowed";
  /** The key that says so; `git` for what only git writes, or only git reads. */
  rule: PolicyKey | "git";
  /** `workspace demo`, `repository github.com/o/r`, `token nightly`, or `default`. */
  setBy: string;
  /** The pattern, where one matched; the variable, where not the program is refused. */
  pattern?: string;
}

/** What a refusal calls a layer. */
export function setByOf({ of, name }: PolicyLayer): string {
  return `${of} ${name}`;
}

/** The error that tells of it: the rule, where it is set and the way out. */
export function toError(
  refused: Refusal,
  act: PolicyAct,
  { layers, workspace }: { layers: readonly PolicyLayer[]; workspace: string },
): WsError {
  const { code, rule, setBy, pattern } = refused;
  const set = layers.find((layer) => setByOf(layer) === setBy);
  const next = nextStep(refused, set, workspace);
  const of = setBy === "default" ? "" : ` of the ${setBy}`;
  switch (code) {
    case "path_not_allowed": {
      const path = "path" in act ? excerpt(relativePath(act.path) || ".") : "";
      const done = act.act === "see" || act.act === "read" ? "read" : "changed";
      const named = pattern === undefined ? "" : ` ('${excerpt(pattern)}')`;
      const gits =
        done === "read" ? "it holds what git knows of all files" : "it is git's own, and only git writes there";
      const by = rule === "git" ? gits : `the rule ${rule}${named}${of} forbids it`;
      return new WsError(code, { message: `'${path}' cannot be ${done}: ${by}.`, next, data: { path, rule, setBy } });
    }
    case "branch_not_allowed": {
      const branch = act.act === "branch" ? excerpt(act.branch) : "";
      const allowed = pattern ?? "";
      const message = `The branch '${branch}' is not worked on here: the rule fixedBranch${of} names '${allowed}'.`;
      return new WsError(code, { message, next, data: { branch, allowed, rule, setBy } });
    }
    case "command_not_allowed": {
      const command = excerpt(act.act === "execute" ? act.program : (pattern ?? ""));
      const message = commandRefused(act, `the rule commands${of}`, { command, pattern, listed: listed(set) });
      return new WsError(code, { message, next: `${instead(act)}${next}`, data: { command, rule, setBy } });
    }
    case "read_only":
      return new WsError(code, {
        message: `Nothing can be changed here: the rule readOnly${of} forbids it.`,
        next,
        data: { rule, setBy },
      });
    case "commit_disabled":
      return new WsError(code, {
        message: `Nothing is committed here: the rule commit${of} forbids it.`,
        next,
        data: { rule, setBy },
      });
    case "push_disabled":
      return new WsError(code, {
        message: `Nothing is pushed from here: the rule push${of} forbids it.`,
        next,
        data: { rule, setBy },
      });
  }
}

function commandRefused(
  act: PolicyAct,
  rule: string,
  { command, pattern, listed: named }: { command: string; pattern: string | undefined; listed: string },
): string {
  const given = `a variable can make a program run others, so beside ${rule} only ${GIVABLE} may be given`;
  if (act.act === "give") return `The variable '${command}' cannot be given: ${given}.`;
  let how = `by ${rule}${named}`;
  if (pattern !== undefined) {
    const isGiven = act.act === "execute" && act.variables.includes(pattern);
    const variable = excerpt(pattern);
    how = isGiven
      ? `with the variable '${variable}': ${given}`
      : `with the variable '${variable}' of the workspace, which can make it run others; ${rule} says what may be run`;
  }
  return `Nothing was run: command '${command}' not allowed ${how}.`;
}

const SHOWN = 12;

function listed(layer: PolicyLayer | undefined): string {
  const commands = layer?.rules.commands;
  if (commands === undefined) return "";
  if (commands.length === 0) return ", whose list is empty: nothing may be run";
  const more = commands.length > SHOWN ? ` and ${commands.length - SHOWN} more` : "";
  return `, which names ${commands.slice(0, SHOWN).join(", ")}${more}`;
}

function instead(act: PolicyAct): string {
  if (act.act !== "execute" || act.by === "words") return "";
  return act.by === "text"
    ? 'A command in one text is read by a shell; give it as words, such as ["git", "status"]. '
    : "What is typed into a terminal is not judged; run one command instead: ws exec NAME -- CMD. ";
}

function nextStep({ rule }: Refusal, layer: PolicyLayer | undefined, workspace: string): string {
  if (rule === "git") return `Use git for it: ws git ${workspace}, or a terminal.`;
  switch (layer?.of) {
    case "workspace":
      return `See the rules with 'ws policy get ${layer.name}'; change this one with 'ws policy set ${layer.name} ${rule} VALUE'.`;
    case "repository":
      return `It holds for every workspace of that repository; change it with 'ws policy set --repository ${layer.name} ${rule} VALUE'.`;
    case "token":
      return "It is fixed with the token; ask for one that may do more.";
    case undefined:
      return `It holds unless it is switched off: ws policy set ${workspace} ${rule} false.`;
  }
}
