import { z } from "zod";
import { procedure } from "./errors.ts";
import { cleanupResult, finalizeInput } from "./finalize.ts";
import { taskInfo } from "./task-info.ts";
import { plainSpec } from "./task-input.ts";
import { name, pullRequest } from "./workspace-info.ts";

const id = z.string().min(1).max(100).describe("Of the comparison, such as attempts-0123456789ab");

const attempt = z.object({
  name: z.string().describe("Its workspace's"),
  workspaceId: z.string(),
  status: z
    .enum(["creating", "running", "stopped", "error", "removed"])
    .describe("Its workspace's; of one that is removed there is what its task says"),
  branch: z.string().optional(),
  task: taskInfo.optional().describe("Absent where it could not be queued yet"),
  changes: z
    .object({
      files: z.number().describe("New ones that git does not know included"),
      additions: z.number(),
      deletions: z.number(),
    })
    .optional()
    .describe("Since where it began; absent where its repository cannot be read now"),
  pullRequest: pullRequest.optional(),
});
export type AttemptInfo = z.infer<typeof attempt>;

export const comparison = z.object({
  id,
  title: z.string(),
  startedAt: z.string().describe("ISO 8601"),
  repo: z.string().optional(),
  base: z.string().optional().describe("The branch that each began from; the repository's default where absent"),
  attempts: z.array(attempt),
});
export type ComparisonInfo = z.infer<typeof comparison>;

/** One task in several workspaces at once, of which the best is kept. */
export const attempts = {
  start: procedure
    .route({
      method: "POST",
      path: "/attempts",
      summary: "Start a task several times",
      description:
        "Makes a workspace for each attempt, of the repository of a workspace or of one that is named, and queues the task in each. Returns once all of it is recorded; repeating under one key goes on where that was broken off.",
    })
    .input(
      z.strictObject({
        name: name.optional().describe("The workspace whose repository, base, image and limits each attempt has"),
        clone: z
          .string()
          .min(1)
          .optional()
          .describe("In place of a workspace: URL of a repository, or a reference such as #gh:org/repo"),
        base: z.string().min(1).optional().describe("Branch that each begins from"),
        spec: plainSpec,
        count: z.number().int().min(2).max(10),
        agents: z
          .array(
            z.strictObject({
              tool: z.string().min(1).max(100).optional(),
              model: z.string().min(1).max(200).optional(),
            }),
          )
          .max(10)
          .optional()
          .describe("Who makes which attempt, in turn; all as the task says where absent"),
        title: z.string().min(1).max(200).optional(),
        profile: z.enum(["person", "agent"]).optional().describe("Of the workspaces; agent in containers where absent"),
        timeoutSeconds: z.number().positive().max(604_800).optional(),
        idempotencyKey: z.string().min(1).max(200).optional(),
      }),
    )
    .output(comparison),
  list: procedure
    .route({
      method: "GET",
      path: "/attempts",
      summary: "List comparisons",
      description:
        "The last started first, without what they changed; until a month after the last of their workspaces is gone.",
    })
    .output(z.array(comparison)),
  show: procedure
    .route({
      method: "GET",
      path: "/attempts/{id}",
      summary: "Compare attempts",
      description: "Each attempt with its task and what it changed since it began.",
    })
    .input(z.strictObject({ id }))
    .output(comparison),
  pick: procedure
    .route({
      method: "POST",
      path: "/attempts/{id}/pick",
      summary: "Pick an attempt",
      description:
        "Commits, pushes and opens the pull request of one attempt, and then removes the others: those that hold what lies nowhere else, or are still at work, only where discard says so, and those with an open pull request never. Refused while the task of the one that is picked runs. Repeating it is safe, and goes on where it was broken off.",
    })
    .input(
      finalizeInput
        .pick({ name: true, commitMessage: true, pullRequest: true })
        .extend({ id, discard: z.boolean().optional().describe("Destroys what the others made") }),
    )
    .output(z.object({ pullRequest: pullRequest.optional(), others: z.array(cleanupResult) })),
};
