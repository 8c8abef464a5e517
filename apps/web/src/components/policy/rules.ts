import type { PolicyRules } from "@ws/rpc-contract";
import { visible } from "../visible.ts";

type Key = keyof PolicyRules;

interface Rule {
  key: Key;
  /** As a question that yes, no or a list answers. */
  label: string;
  hint: string;
  kind: "yes" | "no" | "list" | "text";
}

/** All rules, in the order in which they are shown. Of `yes` what is said only where it is set is yes, of `no` it is no. */
export const RULES: readonly Rule[] = [
  { key: "readOnly", label: "Read only", hint: "No file, no commit and no push.", kind: "yes" },
  { key: "commit", label: "Commits", hint: "Whether commits are made from here.", kind: "no" },
  { key: "push", label: "Pushes", hint: "Whether branches are pushed from here.", kind: "no" },
  { key: "fixedBranch", label: "The one branch", hint: "Only this branch is worked on. Empty: any.", kind: "text" },
  {
    key: "allowedPaths",
    label: "Seen paths",
    hint: "Only these, such as src/**, docs, *.md. Empty: all.",
    kind: "list",
  },
  { key: "writablePaths", label: "Changed paths", hint: "Of what is seen, only these. Empty: all.", kind: "list" },
  { key: "hiddenPaths", label: "Hidden paths", hint: "As if they were not there.", kind: "list" },
  {
    key: "sensitivePaths",
    label: "Secrets are kept out",
    hint: ".env, keys, logins and the like are neither read nor written.",
    kind: "no",
  },
  {
    key: "commands",
    label: "Programs",
    hint: "Only these are run, such as git, npm; basic stands for the usual twelve. Empty: any.",
    kind: "list",
  },
];

/** As it stands in a form: `true` for a rule that holds, or a text. */
export type RuleForm = Record<Key, boolean | string>;

export function formOf(rules: PolicyRules): RuleForm {
  return Object.fromEntries(
    RULES.map(({ key, kind }) => {
      const value = rules[key];
      if (kind === "yes") return [key, value === true];
      if (kind === "no") return [key, value !== false];
      return [key, Array.isArray(value) ? value.join(", ") : String(value ?? "")];
    }),
  ) as RuleForm;
}

/** What is to be set and taken back so that the rules are those of the form; neither where they are. */
export function ruleChange(form: RuleForm, rules: PolicyRules): { set?: PolicyRules; unset?: string[] } {
  const before = formOf(rules);
  const set: Record<string, unknown> = {};
  const unset: string[] = [];
  for (const { key, kind } of RULES) {
    const value = form[key];
    if (value === before[key]) continue;
    if (typeof value === "boolean") {
      if (value === (kind === "yes")) set[key] = value;
      else unset.push(key);
    } else if (value.trim() === "") unset.push(key);
    else set[key] = kind === "list" ? namesIn(value) : value.trim();
  }
  return {
    ...(Object.keys(set).length === 0 ? {} : { set }),
    ...(unset.length === 0 ? {} : { unset }),
  };
}

/** What a rule is set to, as people read it: a repository may have written it. */
export function ruleWords(value: PolicyRules[Key]): string {
  if (Array.isArray(value)) return value.map(visible).join(", ") || "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return visible(value ?? "");
}

function namesIn(text: string): string[] {
  return text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
