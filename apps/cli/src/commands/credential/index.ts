import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { registerGrant } from "./grant.ts";
import { registerList } from "./list.ts";
import { registerRemove } from "./remove.ts";
import { registerRevoke } from "./revoke.ts";
import { registerSet } from "./set.ts";
import { registerStatus } from "./status.ts";
import { registerTest } from "./test.ts";

export function registerCredential(program: Command, context: Context): void {
  const credential = program
    .command("credential")
    .description("What workspaces may use: tokens, keys, variables and files of the worker.")
    .addHelpText(
      "after",
      `
Examples:
  ws credential set work --host github.com           a token, typed unseen
  ws credential set github-app --app-id 123 < key.pem
  ws credential set OPENAI_API_KEY < key.txt
  ws credential test work
  ws credential status`,
    );
  registerSet(credential, context);
  registerList(credential, context);
  registerStatus(credential, context);
  registerTest(credential, context);
  registerGrant(credential, context);
  registerRevoke(credential, context);
  registerRemove(credential, context);
}
