import type { Command } from "commander";
import type { PublishSettings } from "@ws/rpc-contract";
import type { Context } from "../context.ts";
import { collect, parseDuration } from "../values.ts";
import { makeHandlerToken } from "./handler-token.ts";
import { given } from "../given.ts";

interface PublishFlags {
  writable: string[];
  branch?: string;
  commit?: true;
  push?: true;
  message?: string;
  token?: string;
  ttl?: number;
  json?: true;
}

export function registerPublish(program: Command, context: Context): void {
  program
    .command("publish")
    .description("Print a token that can only write to some files of a workspace, for a pipeline.")
    .argument("<name>")
    .requiredOption("--writable <pattern>", "file or directory to write to; repeat for more", collect)
    .option("--branch <branch>", "only on this branch (default: the current one)")
    .option("--commit", "it may commit")
    .option("--push", "it may push")
    .option("--message <template>", "of commits; {message} is the one that is given")
    .option("--token <name>", "what the token is called (default: publish NAME)")
    .option("--ttl <duration>", "how long it is good for, such as 30d (default: until revoked)", parseDuration)
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ws publish demo --writable docs --commit --push --branch docs/nightly
  ws publish demo --writable 'src/**/*.md' --ttl 7d

A coding agent uses it through 'ws mcp' with WS_TOKEN; its tools are publish_write, publish_edit, git_pull,
and with --commit and --push git_add, git_commit and git_push.`,
    )
    .action(async (name: string, flags: PublishFlags) => {
      const settings: PublishSettings = {
        repo: name,
        writable_paths: flags.writable,
        ...(flags.branch === undefined ? {} : { branch_mode: "fixed", fixed_branch: flags.branch }),
        ...given({ commit_enabled: flags.commit, push_enabled: flags.push, commit_message: flags.message }),
      };
      const called = flags.token ?? `publish ${name}`;
      await makeHandlerToken(context, { kind: "publish", settings }, { ...flags, name: called });
    });
}
