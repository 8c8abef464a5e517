import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { given } from "../../given.ts";
import { ALLOW, allowed, type Destructive, isJson, type PrintFlags, verb } from "./verb.ts";

export function registerStaging(git: Command, context: Context): void {
  verb(git, "add", "Stage files as they are; . is all.", "add src README.md")
    .argument("<path...>")
    .action(async (name: string, paths: string[], flags: PrintFlags) => {
      const { client } = await context.connect();
      tell(flags, await client.git.add({ name, paths }), "Staged.");
    });
  verb(git, "unstage", "Take files out of what is staged.", "unstage src")
    .argument("<path...>")
    .action(async (name: string, paths: string[], flags: PrintFlags) => {
      const { client } = await context.connect();
      tell(flags, await client.git.unstage({ name, paths }), "No longer staged.");
    });
  verb(git, "restore", "Give up changes of files.", `restore src/main.ts ${ALLOW}`)
    .argument("<path...>")
    .option("--from <ref>", "as they are in this branch, tag or commit")
    .option(ALLOW, "also where changes are lost")
    .action(async (name: string, paths: string[], flags: Destructive & { from?: string }, command: Command) => {
      const allow = await allowed(context, command, flags, `Changes in '${name}' that are not staged are lost.`);
      const { client } = await context.connect();
      tell(flags, await client.git.restore({ name, paths, ...given({ from: flags.from }), ...allow }), "Restored.");
    });
  verb(git, "commit", "Commit what is staged.", 'commit --message "Fix the login"')
    .requiredOption("-m, --message <text>", "what was done")
    .option("--all", "stage everything first that is not ignored")
    .option("--amend", "replace the last commit")
    .option(ALLOW, "also replace one that the remote has")
    .action(
      async (name: string, flags: Destructive & { message: string; all?: true; amend?: true }, command: Command) => {
        const allow = await allowed(context, command, flags, "A commit that the remote has is replaced here.");
        const { client } = await context.connect();
        const { message, all, amend } = flags;
        const commit = await client.git.commit({ name, message, ...given({ all, amend }), ...allow });
        if (isJson(flags)) return context.printJson(commit);
        context.print(commit.hash);
      },
    );

  function tell(flags: PrintFlags, result: object, said: string): void {
    if (isJson(flags)) context.printJson(result);
    else context.hint(said);
  }
}
