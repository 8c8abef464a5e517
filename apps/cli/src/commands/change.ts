import { Option, type Command } from "commander";
import type { ChangeInfo } from "@ws/rpc-contract";
import { callerDirectory } from "../caller-directory.ts";
import type { Context } from "../context.ts";
import { ago } from "../output/workspace.ts";
import { given } from "../given.ts";

interface SetFlags {
  project: string;
  branch?: string;
  description?: string;
  state?: ChangeInfo["state"];
  json?: true;
}

interface ReviewFlags {
  draft?: true;
  label?: string[];
  reviewer?: string[];
  team?: string[];
  json?: true;
}

export function registerChange(program: Command, context: Context): void {
  const change = program
    .command("change")
    .description("Work on branches of projects that is to be submitted.")
    .addHelpText("after", "\nExamples:\n  ws change set fix-login --project app\n  ws change submit fix-login");
  change
    .command("list")
    .alias("ls")
    .description("List changes.")
    .option("--project <name>", "of this project only")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  ws change list --project app")
    .action(async (flags: { project?: string; json?: true }) => {
      const { client } = await context.connect();
      const found = await client.changes.list(flags.project === undefined ? {} : { project: flags.project });
      if (flags.json === true) return context.printJson(found);
      if (found.length === 0) return context.hint("No changes. Record one: ws change set NAME --project PROJECT");
      const rows = found.map((one) => [
        one.name,
        one.project,
        one.state,
        one.branch,
        one.pullRequest?.url ?? "-",
        ago(one.updated),
      ]);
      context.printTable(["NAME", "PROJECT", "STATE", "BRANCH", "REVIEW", "CHANGED"], rows);
    });
  change
    .command("set")
    .description("Record a change, or what is new of one.")
    .argument("<name>")
    .requiredOption("--project <name>", "the project it is of")
    .option("--branch <branch>", "its branch (default: its name)")
    .option("--description <text>", "its title, and after an empty line the rest")
    .addOption(new Option("--state <state>", "where it stands").choices(["draft", "review", "submitted", "abandoned"]))
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExample:\n  ws change set fix-login --project app --description 'Fix the login'")
    .action(async (name: string, flags: SetFlags) => {
      const { client } = await context.connect();
      const { project, branch, description, state } = flags;
      const put = { name, project, ...given({ branch, description, state }) };
      show(await client.changes.put(put), flags.json);
    });
  change
    .command("submit")
    .description("Merge it, push it or open its pull request, as its project says. Safe to repeat.")
    .argument("<name>", "or PROJECT/NAME, or a reference such as '#gh:NAME'")
    .addOption(
      new Option("--mode <mode>", "otherwise than its project says").choices(["merge", "push", "pull_request"]),
    )
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExample:\n  ws change submit fix-login --mode merge")
    .action(async (name: string, flags: { mode?: "merge" | "push" | "pull_request"; json?: true }) => {
      const { client, target } = await context.connect();
      const mode = flags.mode === undefined ? {} : { mode: flags.mode };
      show(await client.changes.submit({ name, ...callerDirectory(context.io, target), ...mode }), flags.json);
    });
  change
    .command("check")
    .description("Look whether its pull request was merged, and record that.")
    .argument("<name>", "or PROJECT/NAME")
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExample:\n  ws change check fix-login")
    .action(async (name: string, flags: { json?: true }) => {
      const { client } = await context.connect();
      show(await client.changes.check({ name }), flags.json);
    });
  change
    .command("review")
    .description("Bring it before its reviewers. Safe to repeat.")
    .argument("<name>", "or PROJECT/NAME, or a reference such as '#gh:NAME'")
    .option("--draft", "as a draft")
    .option("--label <label...>", "labels")
    .option("--reviewer <name...>", "people to ask")
    .option("--team <slug...>", "teams to ask")
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExample:\n  ws change review fix-login --reviewer ada --label bug")
    .action(async (name: string, flags: ReviewFlags) => {
      const { client, target } = await context.connect();
      const { draft, label, reviewer, team } = flags;
      const asked = {
        ...given({ draft, labels: label, reviewers: reviewer, teams: team }),
      };
      show(await client.changes.review({ name, ...callerDirectory(context.io, target), ...asked }), flags.json);
    });
  change
    .command("remove")
    .alias("rm")
    .description("Forget a change; its branch and its pull request stay.")
    .argument("<name>", "or PROJECT/NAME")
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExample:\n  ws change remove fix-login")
    .action(async (name: string, flags: { json?: true }) => {
      const { client } = await context.connect();
      const result = await client.changes.remove({ name });
      if (flags.json === true) context.printJson(result);
      else context.print(`${name}  removed`);
    });

  function show(made: ChangeInfo, json?: true): void {
    if (json === true) return context.printJson(made);
    context.print(`${made.name}  ${made.state}  ${made.pullRequest?.url ?? made.branch}`);
  }
}
