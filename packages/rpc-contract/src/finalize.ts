import { z } from "zod";
import { name, pullRequest, workspaceInfo } from "./workspace-info.ts";

export const finalizeInput = z.strictObject({
  name,
  uncommitted: z
    .enum(["refuse", "commit", "leave"])
    .optional()
    .describe("What becomes of work that is not committed: refused by default"),
  commitMessage: z.string().max(100_000).optional(),
  push: z.boolean().optional(),
  force: z.boolean().optional().describe("Rewrites the branch on the remote, where its grant allows that"),
  pullRequest: z
    .strictObject({
      title: z
        .string()
        .min(1)
        .max(1_000)
        .optional()
        .describe("Of one that is open already, absent, it stays; a new one needs it"),
      body: z.string().max(200_000).optional(),
      targetBranch: z.string().min(1).optional().describe("The workspace's base branch where absent"),
      draft: z
        .boolean()
        .optional()
        .describe("Whether it is a draft; of one that is open already, whether it becomes one or ready for review"),
      labels: z.array(z.string().min(1)).max(100).optional(),
      reviewers: z.array(z.string().min(1)).max(100).optional(),
      teamReviewers: z.array(z.string().min(1)).max(100).optional().describe("Slugs of teams"),
    })
    .optional(),
  cleanup: z.boolean().optional().describe("Removes it where nothing is left in it that lies nowhere else"),
});
export type FinalizeInput = z.infer<typeof finalizeInput>;

export const cleanupResult = z.object({
  id: z.string(),
  name: z.string(),
  kept: z.boolean(),
  reason: z.enum(["unpushed_work", "leased", "failed"]).optional().describe("Why it is kept"),
  holder: z.string().optional().describe("What it is kept for, or what failed"),
  lease: z.string().optional().describe("The lease that it goes with, where it is kept for its holder"),
  needsGrant: z.boolean().optional().describe("Its git went through the worker, and needs another grant to go on"),
});
export type CleanupResult = z.infer<typeof cleanupResult>;

export const finalizeResult = z.object({
  workspace: workspaceInfo,
  pushed: z
    .object({
      branch: z.string().describe("The workspace's own: what is checked out goes there"),
      commit: z.string(),
      from: z.string().optional().describe("The branch that is checked out, where it is another"),
    })
    .optional(),
  pullRequest: pullRequest.optional(),
  cleanup: cleanupResult.optional(),
});
export type FinalizeResult = z.infer<typeof finalizeResult>;
