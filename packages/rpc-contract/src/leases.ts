import { z } from "zod";
import { procedure } from "./errors.ts";
import { taskId } from "./task-input.ts";

export const leaseInfo = z.object({
  id: z.string(),
  project: z.string(),
  number: z.number().describe("From 1; number 0 is the project's own workspace, which is never handed out"),
  workspace: z.string().describe("Name of the workspace"),
  holder: z.string(),
  stage: z.enum(["acquired", "materialised", "prepared", "handed_over", "releasing"]),
  token: z.number().describe("Grows with each lease of the worker, so that a late holder is told from the present one"),
  since: z.string(),
});
export type LeaseInfo = z.infer<typeof leaseInfo>;

/** Numbered workspaces of projects, each for one holder at a time. */
export const leases = {
  list: procedure
    .route({
      method: "GET",
      path: "/leases",
      summary: "List leases",
      description: "Who has which numbered workspace.",
    })
    .input(z.strictObject({ project: z.string().optional() }).optional())
    .output(z.array(leaseInfo)),
  acquire: procedure
    .route({
      method: "POST",
      path: "/leases",
      summary: "Take a numbered workspace",
      description:
        "Makes a workspace of what the reference leads to and gives it to the holder. A caller that goes away before the answer leaves nothing.",
    })
    .input(
      z.strictObject({
        reference: z.string().min(1).max(4_096),
        cwd: z.string().optional().describe("Directory of the worker that relative paths start from"),
        holder: z
          .string()
          .min(1)
          .max(200)
          // What a task holds it runs in, and gives back where it never began.
          .refine((holder) => !taskId.safeParse(holder).success, "must not be the id of a task, which takes its own")
          .optional()
          .describe("Who has it; the caller where absent"),
        profile: z.enum(["person", "agent"]).optional().describe("Of the workspace; person where absent"),
        wait: z.boolean().optional().describe("Whether to wait where the project has as many as it may"),
      }),
    )
    .output(leaseInfo.extend({ environment: z.record(z.string(), z.string()) })),
  release: procedure
    .route({
      method: "DELETE",
      path: "/leases/{lease}",
      summary: "Give a numbered workspace back",
      description:
        "Removes the workspace, unless it holds what lies nowhere else. A lease that is over is success, as long as nobody else has its number.",
    })
    .input(z.strictObject({ lease: z.string() }))
    .output(
      z.object({
        released: z.boolean().describe("Whether this call ended it"),
        holds: z.string().optional().describe("For what the workspace was kept"),
      }),
    ),
};
