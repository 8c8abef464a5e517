import { WsError } from "../errors.ts";
import { excerpt } from "../names.ts";
import { parseCommands } from "./commands.ts";
import { relativePath } from "./relative-path.ts";

/** What one layer says; what is absent it leaves to the others. Paths are patterns of segments, such as `src/**`, from the workspace's directory. */
export interface PolicyRules {
  /** Nothing is changed: no file, no commit, no push. */
  readOnly?: boolean;
  /** Only these can be seen. */
  allowedPaths?: readonly string[];
  /** Of what can be seen, only these can be changed. */
  writablePaths?: readonly string[];
  /** These are as if they were not there. */
  hiddenPaths?: readonly string[];
  /** Whether what usually holds secrets (`.env`, keys, logins) can be neither read nor written; it is, unless a workspace or a repository says false. */
  sensitivePaths?: boolean;
  /** The one branch that is worked on. */
  fixedBranch?: string;
  commit?: boolean;
  push?: boolean;
  /** The only programs that may be run, by the word that names them. */
  commands?: readonly string[];
}

export type PolicyKey = keyof PolicyRules;

const SWITCHES = ["readOnly", "sensitivePaths", "commit", "push"] as const;
const LISTS = ["allowedPaths", "writablePaths", "hiddenPaths"] as const;
export const POLICY_KEYS: readonly PolicyKey[] = [
  ...LISTS,
  "readOnly",
  "sensitivePaths",
  "fixedBranch",
  "commit",
  "push",
  "commands",
];

const MOST_PATTERNS = 1_000;
const LONGEST_PATTERN = 512;
const LONGEST_BRANCH = 244;

/** The rules in their one form. Throws `invalid_input`, naming the key, for what can be none. */
export function parseRules(given: PolicyRules): PolicyRules {
  const stranger = Object.keys(given).find((key) => !(POLICY_KEYS as readonly string[]).includes(key));
  if (stranger !== undefined) throw unfit(stranger, `is no rule of a policy; there are ${POLICY_KEYS.join(", ")}`);
  const rules: PolicyRules = {};
  for (const key of SWITCHES) {
    const value = given[key];
    if (value === undefined) continue;
    if (typeof value !== "boolean") throw unfit(key, "is true or false");
    rules[key] = value;
  }
  for (const key of LISTS) {
    const value = given[key];
    if (value === undefined) continue;
    if (!Array.isArray(value)) throw unfit(key, "is a list of patterns");
    rules[key] = patternsOf(key, value);
  }
  if (given.commands !== undefined) rules.commands = parseCommands(given.commands);
  if (given.fixedBranch !== undefined) rules.fixedBranch = branchOf(given.fixedBranch);
  return rules;
}

function patternsOf(key: string, given: readonly unknown[]): string[] {
  if (given.length > MOST_PATTERNS) throw unfit(key, `has at most ${MOST_PATTERNS} patterns`);
  const patterns = given.map((pattern) => {
    if (typeof pattern !== "string") throw unfit(key, "is a list of patterns");
    if (pattern.length > LONGEST_PATTERN) throw unfit(key, `has patterns of at most ${LONGEST_PATTERN} characters`);
    try {
      return relativePath(pattern);
    } catch {
      throw unfit(key, `cannot hold '${excerpt(pattern)}': a pattern is a path below the workspace's directory`);
    }
  });
  return [...new Set(patterns)];
}

function branchOf(given: unknown): string {
  const fits =
    typeof given === "string" &&
    given.length <= LONGEST_BRANCH &&
    /^(?![-/.])(?!.*(?:\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)))[^\p{C}\s~^:?*[\\]+(?<![/.])$/u.test(given) &&
    given !== "@" &&
    given !== "HEAD";
  if (fits) return given;
  throw unfit("fixedBranch", "is the name of a branch, such as main");
}

function unfit(field: string, why: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `'${excerpt(field)}' ${why}.`,
    next: "See what a policy can say: ws policy set --help.",
    data: { field: excerpt(field) },
  });
}
