import type { Command } from "commander";
import type { GrantInfo } from "@ws/rpc-contract";
import type { Context } from "../../context.ts";
import { localTime } from "../../output/time.ts";
import { collect, parseDuration } from "../../values.ts";
import { given } from "../../given.ts";

interface GrantFlags {
  read?: true;
  branch?: string[];
  force?: true;
  tags?: true;
  workflows?: true;
  ttl?: number;
  renew?: true;
  json?: true;
}

export const GRANT_HEADER = ["WORKSPACE", "REPOSITORY", "MAY", "BRANCHES", "CREDENTIAL", "UNTIL"] as const;

export function registerGrant(credential: Command, context: Context): void {
  credential
    .command("grant")
    .description("Let a workspace's git reach a repository with the worker's credential.")
    .argument("<workspace>")
    .argument("[repo]", "its URL (default: the workspace's own)")
    .option("--read", "to fetch only")
    .option(
      "--branch <branch>",
      "branch it may push to; repeat for more (default: its own, of its own repository)",
      collect,
    )
    .option("--force", "let it rewrite those branches")
    .option("--tags", "let it push tags")
    .option("--workflows", "let it push changes of the forge's own automation")
    .option(
      "--ttl <duration>",
      "how long, at most 8h (default: 1h; of its own repository as long as it lives)",
      parseDuration,
    )
    .option("--renew", "renew it while the workspace lives")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ws credential grant demo https://github.com/org/library --read
  ws credential grant demo --workflows --ttl 30m`,
    )
    .action(async (name: string, repo: string | undefined, flags: GrantFlags) => {
      const { client } = await context.connect();
      const grant = await client.credentials.grant({
        name,
        ...given({ repo }),
        ...(flags.read === true ? { access: "read" as const } : {}),
        ...given({ branches: flags.branch }),
        ...(flags.force === true ? { force: true } : {}),
        ...(flags.tags === true ? { tags: true } : {}),
        ...(flags.workflows === true ? { workflows: true } : {}),
        ...given({ ttlSeconds: flags.ttl }),
        ...(flags.renew === true ? { renews: true } : {}),
      });
      if (flags.json === true) return context.printJson(grant);
      context.printTable(GRANT_HEADER, [grantRow(grant)]);
    });
}

export function grantRow(grant: GrantInfo): string[] {
  const { workspace, repo, access, branches, force, tags, workflows, credential, expires, renews } = grant;
  const may = [
    access === "write" ? "push" : "fetch",
    ...(force ? ["force"] : []),
    ...(tags ? ["tags"] : []),
    ...(workflows ? ["workflows"] : []),
  ];
  return [
    workspace,
    repo,
    may.join(","),
    branches.length === 0 ? "-" : branches.join(" "),
    credential.name,
    renews ? "the workspace ends" : localTime(expires),
  ];
}
