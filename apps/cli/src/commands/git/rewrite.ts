import { Argument, type Command, Option } from "commander";
import type { Context } from "../../context.ts";
import { CliError, EXIT } from "../../errors.ts";
import { localTime } from "../../output/time.ts";
import { parseCount } from "../../values.ts";
import { given } from "../../given.ts";
import { ALLOW, allowed, type Destructive, isJson, type PrintFlags, verb } from "./verb.ts";

interface StashFlags extends Destructive {
  message?: string;
  untracked?: true;
  index?: number;
}

interface RebaseFlags extends Destructive {
  continue?: true;
  abort?: true;
  prefer?: "onto" | "branch";
}

interface ResetFlags extends Destructive {
  soft?: true;
  mixed?: true;
  hard?: true;
}

export function registerRewriting(git: Command, context: Context): void {
  verb(git, "stash", "Put changes away, list what was, bring it back or forget it.", 'stash push --message "half done"')
    .addArgument(new Argument("[what]", "what to do").choices(["list", "push", "pop", "drop"]).default("list"))
    .option("--message <text>", "with push: what it is")
    .option("--untracked", "with push: new files too")
    .option("--index <n>", "with pop and drop: which one (default: the newest, 0)", parseCount)
    .option(ALLOW, "with drop: what is in it lies nowhere else")
    .action(async (name: string, what: "list" | "push" | "pop" | "drop", flags: StashFlags, command: Command) => {
      const { message, untracked, index } = flags;
      const { client } = await context.connect();
      if (what === "list") return list(name, flags);
      if (what === "push") {
        const done = await client.git.stash.push({ name, ...given({ message, untracked }) });
        return tell(flags, done, done.created ? "Put away." : "There is nothing to put away.");
      }
      if (what === "pop")
        return tell(flags, await client.git.stash.pop({ name, ...given({ index }) }), "Brought back.");
      const allow = await allowed(context, command, flags, `What is in the stash ${index ?? 0} of '${name}' is lost.`);
      return tell(flags, await client.git.stash.drop({ name, index: index ?? 0, ...allow }), "Forgotten.");
    });
  verb(git, "rebase", "Put the commits of the branch on top of another.", "rebase origin/main")
    .argument("[onto]", "branch, tag or commit")
    .option("--continue", "go on, once conflicts are resolved and staged")
    .option("--abort", "back to before it")
    .addOption(
      new Option("--prefer <side>", "whose side is taken where both changed a line").choices(["onto", "branch"]),
    )
    .option(ALLOW, "also replace commits that the remote has")
    .action(async (name: string, onto: string | undefined, flags: RebaseFlags, command: Command) => {
      const { client } = await context.connect();
      if (flags.continue === true) return moved(flags, await client.git.rebase.continue({ name }));
      if (flags.abort === true) return moved(flags, await client.git.rebase.abort({ name }));
      if (onto === undefined)
        throw wrong("Nothing is named to rebase onto.", "Name it: ws git NAME rebase origin/main.");
      const allow = await allowed(context, command, flags, "Commits that the remote has are replaced here.");
      moved(flags, await client.git.rebase.start({ name, onto, ...given({ prefer: flags.prefer }), ...allow }));
    });
  verb(git, "reset", "Move the branch to a commit.", "reset HEAD~1 --soft")
    .argument("[target]", "branch, tag or commit (default: what is checked out)")
    .option("--soft", "keep what is staged")
    .option("--mixed", "keep the files (this is the default)")
    .option("--hard", "bring the files there too")
    .option(ALLOW, "also where work is lost")
    .action(async (name: string, target: string | undefined, flags: ResetFlags, command: Command) => {
      const modes = (["soft", "mixed", "hard"] as const).filter((mode) => flags[mode] === true);
      const [mode, other] = modes;
      if (other !== undefined) throw wrong("--soft, --mixed and --hard say different things.", "Give one of them.");
      const allow = await allowed(context, command, flags, `Work in '${name}' that lies nowhere else is lost.`);
      const { client } = await context.connect();
      moved(flags, await client.git.reset({ name, ...given({ target, mode }), ...allow }));
    });

  async function list(name: string, flags: PrintFlags): Promise<void> {
    const { client } = await context.connect();
    const stashes = await client.git.stash.list({ name });
    if (isJson(flags)) return context.printJson(stashes);
    if (stashes.length === 0) return context.hint("Nothing was put away.");
    const rows = stashes.map(({ index, hash, date, message }) => [
      String(index),
      hash.slice(0, 12),
      localTime(date),
      message,
    ]);
    context.printTable(["INDEX", "COMMIT", "DATE", "MESSAGE"], rows);
  }

  function tell(flags: PrintFlags, result: object, said: string): void {
    if (isJson(flags)) context.printJson(result);
    else context.hint(said);
  }

  function moved(flags: PrintFlags, result: { head: string }): void {
    tell(flags, result, `At ${result.head.slice(0, 12)}.`);
  }
}

function wrong(message: string, next: string): CliError {
  return new CliError("usage", message, { next, exit: EXIT.usage });
}
