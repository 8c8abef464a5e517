import type { Command } from "commander";
import type { CredentialInfo } from "@ws/rpc-contract";
import type { Context } from "../../context.ts";
import { localTime } from "../../output/time.ts";

export function registerList(credential: Command, context: Context): void {
  credential
    .command("list")
    .alias("ls")
    .description("List what workspaces may use, never the secrets.")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  ws credential list")
    .action(async (flags: { json?: true }) => {
      const { client } = await context.connect();
      const credentials = await client.credentials.list();
      if (flags.json === true) return context.printJson(credentials);
      if (credentials.length === 0) {
        return context.hint("No credentials. Give the worker one: ws login github, or ws credential set NAME");
      }
      printCredentials(context, credentials);
      tellProblems(context, credentials);
    });
}

export function printCredentials(context: Context, credentials: readonly CredentialInfo[]): void {
  const rows = credentials.map(({ name, type, host, source, last4, fingerprint, expires, usedBy }) => [
    name,
    type,
    host ?? "-",
    source,
    fingerprint ?? (last4 === undefined ? "-" : `…${last4}`),
    expires === undefined ? "-" : localTime(expires),
    usedBy.length === 0 ? "-" : usedBy.join(" "),
  ]);
  context.printTable(["NAME", "TYPE", "HOST", "SOURCE", "SECRET", "EXPIRES", "USED BY"], rows);
}

export function tellProblems(context: Context, credentials: readonly CredentialInfo[]): void {
  for (const { name, problem } of credentials) {
    if (problem !== undefined) context.hint(`${name}: ${problem}`);
  }
}
