import { Option, type Command } from "commander";
import type { ProjectInfo } from "@ws/rpc-contract";
import { workerPath } from "../caller-directory.ts";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { parseCount } from "../values.ts";
import { given } from "../given.ts";

interface AddFlags {
  bare?: string;
  directory?: string;
  branch?: string;
  submit?: "merge" | "push" | "pull_request";
  most?: number;
  json?: true;
}

export function registerProject(program: Command, context: Context): void {
  const project = program
    .command("project")
    .description("Registered repositories.")
    .addHelpText("after", "\nExamples:\n  ws project init tool\n  ws project add app https://github.com/org/app");
  project
    .command("list")
    .alias("ls")
    .description("List the projects, and what is wrong with their files.")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  ws project list")
    .action(async (flags: { json?: true }) => {
      const { client } = await context.connect();
      const found = await client.projects.list();
      if (flags.json === true) return context.printJson(found);
      for (const problem of found.problems) context.hint(problem);
      if (found.projects.length === 0) return context.hint("No projects. Make one: ws project init NAME");
      const rows = found.projects.map((one) => [one.name, typeOf(one), sourceOf(one), one.defaultBranch ?? "-"]);
      context.printTable(["NAME", "TYPE", "REPOSITORY", "BRANCH"], rows);
    });
  project
    .command("add")
    .description("Register a repository under a name.")
    .argument("<name>")
    .argument("[url]", "what workspaces clone")
    .option("--bare <path>", "bare repository on the worker instead")
    .option("--directory <path>", "the worker's own directory with it")
    .option("--branch <branch>", "where changes go (default: the repository's)")
    .option("--most <n>", "most numbered workspaces at once", parseCount)
    .addOption(new Option("--submit <how>", "how its changes are submitted").choices(["merge", "push", "pull_request"]))
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExample:\n  ws project add app https://github.com/org/app --submit merge")
    .action(async (name: string, url: string | undefined, flags: AddFlags) => {
      const { client, target } = await context.connect();
      const path = (given: string): string => workerPath(context.io, target, given);
      const made = await client.projects.add({
        name,
        ...given({ url }),
        ...(flags.bare === undefined ? {} : { bareRepoDir: path(flags.bare) }),
        ...(flags.directory === undefined ? {} : { workspaceDir: path(flags.directory) }),
        ...given({ defaultBranch: flags.branch, submit: flags.submit, maxWorkspaces: flags.most }),
      });
      describe(made, flags.json);
    });
  project
    .command("init")
    .description("Make a repository on the worker with a first commit, or give the one that is there.")
    .argument("<name>")
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExample:\n  ws project init tool")
    .action(async (name: string, flags: { json?: true }) => {
      const { client } = await context.connect();
      describe(await client.projects.init({ name }), flags.json);
    });
  project
    .command("import")
    .description("Register what NAME.gp files in a directory of the worker name as their directories.")
    .argument("<directory>")
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExample:\n  ws project import ~/projects")
    .action(async (directory: string, flags: { json?: true }) => {
      const { client, target } = await context.connect();
      const result = await client.projects.import({ directory: workerPath(context.io, target, directory) });
      if (flags.json === true) return context.printJson(result);
      for (const name of result.imported) context.print(`${name}  imported`);
      for (const { file, reason } of result.skipped) context.hint(`${file}: left out, ${reason}`);
    });
  project
    .command("remove")
    .alias("rm")
    .description("Forget a project and its changes. Repositories and workspaces stay.")
    .argument("<name>")
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExample:\n  ws project remove tool --yes")
    .action(async (name: string, flags: { json?: true }, command: Command) => {
      const { client } = await context.connect();
      const recorded = await client.changes.list({ project: name });
      const count = recorded.length === 1 ? "its change" : `its ${recorded.length} changes`;
      if (recorded.length > 0)
        await confirm(context, command, `With '${name}' ${count} would be forgotten.`, "Remove?");
      const result = await client.projects.remove({ name });
      if (flags.json === true) context.printJson(result);
      else context.print(`${name}  removed`);
    });

  function describe(made: ProjectInfo, json?: true): void {
    if (json === true) return context.printJson(made);
    context.print(`${made.name}  ${typeOf(made)}  ${sourceOf(made)}`);
    context.hint(`Next: ws start NAME --clone '#${made.workflowType ?? "git"}:${made.name}'`);
  }
}

function typeOf({ workflowType }: ProjectInfo): string {
  return workflowType === undefined ? "-" : `#${workflowType}`;
}

function sourceOf({ url, bareRepoDir, workspaceDir }: ProjectInfo): string {
  return url ?? bareRepoDir ?? workspaceDir ?? "-";
}
