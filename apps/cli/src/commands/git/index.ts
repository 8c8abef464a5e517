import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { registerBranches } from "./branches.ts";
import { registerExchange } from "./exchange.ts";
import { registerLooking } from "./look.ts";
import { registerRewriting } from "./rewrite.ts";
import { registerStaging } from "./stage.ts";
import { termOf } from "./verb.ts";

export function registerGit(program: Command, context: Context): void {
  const git = program
    .command("git")
    .description("Git in a workspace, as its policy allows.")
    .usage("NAME <command>")
    .addHelpText(
      "after",
      `
Examples:
  ws git demo status
  ws git demo add .
  ws git demo commit --message "Fix the login"
  ws git demo pull --rebase`,
    );
  git.configureHelp({ ...git.configureHelp(), subcommandTerm: termOf });
  registerLooking(git, context);
  registerStaging(git, context);
  registerExchange(git, context);
  registerBranches(git, context);
  registerRewriting(git, context);
}
