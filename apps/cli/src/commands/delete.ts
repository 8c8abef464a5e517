import type { Command } from "commander";
import type { WorkspaceInfo } from "@ws/rpc-contract";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { forEachName } from "./for-each-name.ts";

export function registerDelete(program: Command, context: Context): void {
  program
    .command("delete")
    .alias("rm")
    .description("Remove workspaces with everything in them.")
    .argument("<name...>")
    .option("--force", "destroy also work that is not committed or not pushed")
    .option("--json", "print what was deleted as JSON")
    .addHelpText("after", "\nExamples:\n  ws delete demo\n  ws delete demo other --yes\n  ws delete demo --force")
    .action(async (names: string[], flags: { force?: true; json?: true }, command: Command) => {
      const { client } = await context.connect();
      // Before the question: nobody should confirm the deletion of what does not exist.
      const known = await forEachName(context, names, (name) => client.workspaces.get({ name }));
      if (known.length === 0) return;
      const lost = known.map((workspace) => whatIsLost(workspace, flags.force === true));
      await confirm(context, command, `This removes for ever:\n  ${lost.join("\n  ")}`, "Delete?");
      // What is of that name by then may be another workspace.
      const ids = new Map(known.map(({ name, id }) => [name, id]));
      const deleted = await forEachName(context, [...ids.keys()], async (name) => {
        const id = ids.get(name);
        await client.workspaces.delete({ name, ...(id && { id }), ...(flags.force === true ? { force: true } : {}) });
        return name;
      });
      if (flags.json === true) context.printJson({ deleted });
      else for (const name of deleted) context.print(`${name}  deleted`);
    });
}

function whatIsLost({ name, status, containerId, repo, directory }: WorkspaceInfo, force: boolean): string {
  if (status === "error" && containerId === "") return `${name}: its record; it was never made`;
  if (repo === undefined) return `${name}: its home with all files`;
  const work = force ? ", uncommitted and unpushed work included" : "; refused if it holds unpushed work";
  return `${name}: its home with ${directory ?? repo}${work}`;
}
