import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { registerClose } from "./close.ts";
import { registerLinks } from "./links.ts";
import { registerList } from "./list.ts";
import { registerRecord } from "./record.ts";
import { registerRename } from "./rename.ts";
import { registerShare } from "./share.ts";
import { registerUnshare } from "./unshare.ts";

export function registerTerminal(program: Command, context: Context): void {
  const terminal = program
    .command("terminal")
    .description("A workspace's terminals. 'ws shell NAME' opens one.")
    .addHelpText(
      "after",
      `
Examples:
  ws terminal list demo
  ws terminal rename demo main build
  ws terminal share demo --ttl 2h
  ws terminal record demo --stop --download demo.cast
  ws terminal close demo build`,
    );
  registerList(terminal, context);
  registerRename(terminal, context);
  registerShare(terminal, context);
  registerLinks(terminal, context);
  registerUnshare(terminal, context);
  registerRecord(terminal, context);
  registerClose(terminal, context);
}
