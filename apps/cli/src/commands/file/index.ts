import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { registerEdit } from "./edit.ts";
import { registerGet } from "./get.ts";
import { registerGrep } from "./grep.ts";
import { registerLs } from "./ls.ts";
import { registerMkdir } from "./mkdir.ts";
import { registerMv } from "./mv.ts";
import { registerPatch } from "./patch.ts";
import { registerPut } from "./put.ts";
import { registerRead } from "./read.ts";
import { registerRm } from "./rm.ts";
import { registerStat } from "./stat.ts";
import { registerWrite } from "./write.ts";

/** Files below a workspace's directory: its repository, or its home without one. */
export function registerFile(program: Command, context: Context): void {
  const file = program
    .command("file")
    .description("Files of a workspace, from its repository's directory on.")
    .addHelpText(
      "after",
      `
Examples:
  ws file ls demo src
  ws file read demo README.md --limit 40
  ws file write demo notes.md --content @notes.md
  ws file get demo dist --as zip
What may be read and changed is set with 'ws policy'.`,
    );
  registerRead(file, context);
  registerLs(file, context);
  registerStat(file, context);
  registerGrep(file, context);
  registerWrite(file, context);
  registerEdit(file, context);
  registerPatch(file, context);
  registerMkdir(file, context);
  registerMv(file, context);
  registerRm(file, context);
  registerGet(file, context);
  registerPut(file, context);
}
