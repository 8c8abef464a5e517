import type { Command } from "commander";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { tellCleanup } from "./finalize.ts";

interface EndFlags {
  failed?: true;
  deleteBranches?: true;
  force?: true;
  json?: true;
}

export function registerExecution(program: Command, context: Context): void {
  const execution = program
    .command("execution")
    .description("Larger jobs, of which several workspaces are part.")
    .addHelpText("after", "\nExamples:\n  ws execution list\n  ws execution end exec-42 --failed");
  execution
    .command("list")
    .alias("ls")
    .description("List the executions that have workspaces here.")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  ws execution list")
    .action(async (flags: { json?: true }) => {
      const { client } = await context.connect();
      const executions = await client.executions.list();
      if (flags.json === true) return context.printJson(executions);
      if (executions.length === 0) {
        return context.hint(
          "No executions. A workspace becomes part of one with: ws start NAME --execution ID --role ROLE",
        );
      }
      const rows = executions.flatMap(({ id, workspaces }) =>
        workspaces.map(({ name, role, branch, status }) => [id, role, name, status, branch ?? "-"]),
      );
      context.printTable(["EXECUTION", "ROLE", "WORKSPACE", "STATUS", "BRANCH"], rows);
    });
  execution
    .command("end")
    .description("End an execution: its credentials end, and its workspaces go where nothing would be lost.")
    .argument("<id>")
    .option("--failed", "it failed")
    .option("--delete-branches", "first delete its branches on the remote, but for those with an open pull request")
    .option("--force", "destroy also work that lies nowhere else")
    .option("--json", "print what became of its workspaces as JSON")
    .addHelpText("after", "\nExamples:\n  ws execution end exec-42\n  ws execution end exec-42 --failed")
    .action(async (id: string, flags: EndFlags, command: Command) => {
      const { client } = await context.connect();
      if (flags.force === true) {
        await confirm(
          context,
          command,
          `This removes all workspaces of '${id}', with work that lies nowhere else.`,
          "End it?",
        );
      }
      if (flags.deleteBranches === true) {
        const question = `This deletes the branches of '${id}' on the remote, but for those with an open pull request.`;
        await confirm(context, command, question, "Delete them?");
        const { deleted } = await client.executions.deleteBranches({ id });
        for (const branch of deleted) context.hint(`Deleted ${branch}.`);
      }
      const decided = await client.executions.end({
        id,
        outcome: flags.failed === true ? "failed" : "completed",
        ...(flags.force === true ? { force: true } : {}),
      });
      if (flags.json === true) return context.printJson(decided);
      if (decided.length === 0) return context.hint("It had ended already.");
      for (const decision of decided) tellCleanup(context, decision);
    });
}
