import { z } from "zod";
import { procedure } from "./errors.ts";
import { cleanupResult } from "./finalize.ts";

export const executionInfo = z.object({
  id: z.string(),
  patternName: z.string().optional(),
  workspaces: z.array(
    z.object({ id: z.string(), name: z.string(), role: z.string(), branch: z.string().optional(), status: z.string() }),
  ),
});
export type ExecutionInfo = z.infer<typeof executionInfo>;

/** Larger jobs, of which several workspaces may be part. */
export const executions = {
  list: procedure
    .route({
      method: "GET",
      path: "/executions",
      summary: "List executions",
      description: "The executions that have workspaces here, each with its workspaces, oldest first.",
    })
    .output(z.array(executionInfo)),
  end: procedure
    .route({
      method: "POST",
      path: "/executions/{id}/end",
      summary: "End an execution",
      description:
        "Ends the credentials of all its workspaces and removes those in which nothing would be lost. Repeating it is safe.",
    })
    .input(
      z.strictObject({
        id: z.string().min(1),
        outcome: z.enum(["completed", "failed"]).optional().describe("completed by default"),
        force: z.boolean().optional().describe("Destroys also what lies nowhere else"),
      }),
    )
    .output(z.array(cleanupResult)),
  deleteBranches: procedure
    .route({
      method: "POST",
      path: "/executions/{id}/delete-branches",
      summary: "Delete an execution's branches",
      description:
        "Deletes its branches on the remote, but for those with an open pull request, while a workspace of it still has its credential.",
    })
    .input(z.strictObject({ id: z.string().min(1) }))
    .output(z.object({ deleted: z.array(z.string()) })),
};
