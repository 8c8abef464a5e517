import type { Command } from "commander";
import type { PolicyInfo, PolicyRules } from "@ws/rpc-contract";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { withFormat } from "../output/format.ts";
import { parseNames } from "../values.ts";

interface Flags {
  repository?: true;
}

const RULES = `
Examples:
  ws policy set demo allowedPaths src,docs
  ws policy set demo push false
  ws policy set --repository github.com/acme/shop readOnly true

Rules:
  readOnly         true: nothing is changed, committed or pushed
  allowedPaths     only these paths are seen: src/**, docs, *.md
  writablePaths    of those, only these are changed
  hiddenPaths      these are as if they were not there
  sensitivePaths   false: .env, keys and logins are like other files
  fixedBranch      the one branch that is worked on
  commit, push     false: not from here
  commands         only these programs are run: git,npm or basic`;

/** What may be done in a workspace through the API; what runs in it is bound by none of that. */
export function registerPolicy(program: Command, context: Context): void {
  const policy = program
    .command("policy")
    .description("What 'ws file', 'ws git' and tools may do in a workspace.")
    .addHelpText("after", RULES);
  withFormat(
    policy
      .command("get")
      .description("Show the rules of a workspace and where each is set, or those of all repositories.")
      .argument("[name]")
      .option("--repository", "the rules of repositories; a name is a repository's URL"),
  )
    .addHelpText("after", "\nExamples:\n  ws policy get demo\n  ws policy get --repository")
    .action(async (name: string | undefined, flags: Flags) => {
      if (flags.repository === true) return showRepositories(context, name);
      if (name === undefined)
        throw new CliError("usage", "A workspace's name is missing.", { next: "ws policy get NAME", exit: EXIT.usage });
      const { client } = await context.connect();
      const info = await client.policy.get({ name });
      if (context.json) return context.printJson(info);
      show(context, info);
    });
  withFormat(
    policy
      .command("set")
      .description("Set a rule.")
      .argument("<name>")
      .argument("<key>", "the rule")
      .argument("<value>", "true or false, a branch, or patterns between commas or as JSON")
      .option("--repository", "for every workspace of a repository: the name is its URL"),
  )
    .addHelpText("after", RULES)
    .action(async (name: string, key: string, value: string, flags: Flags) => {
      const [rule, given] = [ruleOf(key), valueOf(ruleOf(key), value)];
      await change(context, name, { set: { [rule]: given } }, flags);
      const isEmpty = Array.isArray(given) && given.length === 0;
      context.hint(`${rule} is set${isEmpty ? ` to an empty list: ${EMPTY[rule]}` : ""}.`);
    });
  withFormat(
    policy
      .command("unset")
      .description("Take a rule back.")
      .argument("<name>")
      .argument("<key>", "the rule")
      .option("--repository", "for every workspace of a repository: the name is its URL"),
  )
    .addHelpText("after", "\nExample:\n  ws policy unset demo allowedPaths")
    .action(async (name: string, key: string, flags: Flags) => {
      await change(context, name, { unset: [ruleOf(key)] }, flags);
      context.hint(`${ruleOf(key)} is taken back.`);
    });
}

async function change(
  context: Context,
  name: string,
  asked: { set?: PolicyRules; unset?: string[] },
  flags: Flags,
): Promise<void> {
  const { client } = await context.connect();
  const changed =
    flags.repository === true
      ? await client.policy.repositories.update({ repository: name, ...asked })
      : await client.policy.update({ name, ...asked });
  if (context.json) context.printJson(changed);
}

async function showRepositories(context: Context, url: string | undefined): Promise<void> {
  const { client } = await context.connect();
  const wanted = url?.replace(/^https:\/\//, "").replace(/\.git$/, "");
  const found = (await client.policy.repositories.list()).filter(
    ({ repository }) => wanted === undefined || repository === wanted,
  );
  if (context.json) return context.printJson(found);
  if (found.length === 0)
    return context.hint("No repository has rules. Set one: ws policy set --repository URL KEY VALUE");
  const rows = found.flatMap(({ repository, rules }) =>
    Object.entries(rules).map(([key, value]) => [repository, key, shown(value)]),
  );
  context.printTable(["REPOSITORY", "RULE", "VALUE"], rows);
}

function show(context: Context, { layers }: PolicyInfo): void {
  if (layers.length === 0)
    return context.hint("No rules are set: everything but .env, keys, logins and git's own can be read and changed.");
  const rows = layers.flatMap(({ of, name, rules }) =>
    Object.entries(rules).map(([key, value]) => [key, shown(value), `${of} ${name}`]),
  );
  context.printTable(["RULE", "VALUE", "SET BY"], rows);
}

function shown(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") || "none" : String(value);
}

const KNOWN = {
  readOnly: true,
  allowedPaths: true,
  writablePaths: true,
  hiddenPaths: true,
  sensitivePaths: true,
  fixedBranch: true,
  commit: true,
  push: true,
  commands: true,
} satisfies Record<keyof PolicyRules, true>;

/** What a list that names nothing says. */
const EMPTY: Readonly<Record<string, string>> = {
  commands: "nothing may be run",
  allowedPaths: "nothing can be seen",
  writablePaths: "nothing can be changed",
  hiddenPaths: "nothing more is hidden",
};

/** `allowed_paths` is `allowedPaths`. */
function ruleOf(key: string): string {
  const rule = key.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
  if (Object.hasOwn(KNOWN, rule)) return rule;
  throw new CliError("invalid_input", `There is no rule '${key}'.`, {
    next: `Rules: ${Object.keys(KNOWN).join(", ")}.`,
    exit: EXIT.usage,
  });
}

const SWITCH: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["on", true],
  ["yes", true],
  ["false", false],
  ["off", false],
  ["no", false],
]);

function valueOf(key: string, text: string): boolean | string | string[] {
  if (key === "commands" || (key.endsWith("Paths") && key !== "sensitivePaths")) return patternsOf(key, text);
  if (key === "fixedBranch") return text;
  const value = SWITCH.get(text.toLowerCase());
  if (value !== undefined) return value;
  throw new CliError("usage", `'${key}' is true or false.`, {
    next: `ws policy set NAME ${key} true`,
    exit: EXIT.usage,
  });
}

function patternsOf(key: string, text: string): string[] {
  if (!text.trimStart().startsWith("[")) return parseNames(text);
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every((pattern) => typeof pattern === "string")) return list;
  } catch {
    // Said below.
  }
  throw new CliError("usage", `'${key}' is a list of patterns.`, {
    next: `ws policy set NAME ${key} 'src/**,docs'`,
    exit: EXIT.usage,
  });
}
