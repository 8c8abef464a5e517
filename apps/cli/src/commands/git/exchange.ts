import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { given } from "../../given.ts";
import { isJson, type PrintFlags, verb } from "./verb.ts";
import { counted } from "../../output/counted.ts";

interface PullFlags extends PrintFlags {
  branch?: string;
  rebase?: true;
  allowDirty?: true;
}

interface PushFlags extends PrintFlags {
  branch?: string;
  force?: true;
  expected?: string;
}

export function registerExchange(git: Command, context: Context): void {
  verb(git, "pull", "Fetch the branch and go on to it.", "pull --rebase")
    .option("--branch <branch>", "of the remote (default: the one it follows or came from)")
    .option("--rebase", "put what was committed here on top")
    .option("--allow-dirty", "also with changes that are not committed, where git can keep them")
    .action(async (name: string, flags: PullFlags) => {
      const { client } = await context.connect();
      const { branch, rebase, allowDirty } = flags;
      const pulled = await client.git.pull({ name, ...given({ branch, rebase, allowDirty }) });
      if (isJson(flags)) return context.printJson(pulled);
      const { branch: from, commits } = pulled;
      context.hint(
        commits === 0 ? `'${from}' has nothing new.` : `${counted(commits, "commit")} came in from '${from}'.`,
      );
    });
  verb(git, "push", "Bring what is checked out to its branch of the remote.", "push")
    .option("--branch <branch>", "of the remote (default: the one of the same name)")
    .option("--force", "replace what was last seen there, where the grant allows that")
    .option("--expected <commit>", "with --force: what the remote must still have")
    .action(async (name: string, flags: PushFlags) => {
      const { client } = await context.connect();
      const { branch, force, expected } = flags;
      const pushed = await client.git.push({ name, ...given({ branch, force, expected }) });
      if (isJson(flags)) return context.printJson(pushed);
      context.hint(`Pushed ${pushed.branch} at ${pushed.commit.slice(0, 12)}.`);
    });
}
