import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { procedure } from "./errors.ts";
import { sharedTerminal, terminalToShare } from "./terminals.ts";

const name = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, "must be 1 to 63 lower-case letters, digits and inner hyphens");
const worker = z.string().min(1).max(100).describe("Its name or its id");

export const workerInfo = z.object({
  id: z.string(),
  name: z.string(),
  state: z
    .enum(["online", "offline", "expected", "revoked"])
    .describe("`expected` has never been there; `revoked` may not come back with the token that it has"),
  added: z.string(),
  lastSeen: z.string().optional().describe("By this agent's clock"),
  connectedAt: z.string().optional(),
  latencyMs: z.number().optional(),
  grant: z.enum(["read", "write", "admin"]).optional().describe("The most that the worker lets this agent do there"),
  hostname: z.string().optional(),
  version: z.string().optional(),
  runtime: z.enum(["docker", "local"]).optional(),
  isolation: z.enum(["container", "sandbox", "none"]).optional(),
  workspaces: z.number().optional(),
  running: z.number().optional().describe("Workspaces that run"),
  tasks: z.number().optional().describe("Tasks that are not over"),
  tasksRunning: z.number().optional(),
  tasksWaiting: z.number().optional().describe("Tasks that wait for somebody, or for a usage limit to end"),
});
export type WorkerInfo = z.infer<typeof workerInfo>;

export const workerEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("snapshot"), workers: z.array(workerInfo) }),
  z.object({ type: z.literal("changed"), worker: workerInfo }),
  z.object({ type: z.literal("removed"), id: z.string() }),
]);
export type WorkerEvent = z.infer<typeof workerEvent>;

/** The workers that dial out to this agent, whose calls then go to `/on/NAME/…`. */
export const workers = {
  list: procedure
    .route({
      method: "GET",
      path: "/workers",
      summary: "List workers",
      description:
        "Those that reach this agent by themselves, also while they are away. This agent itself is not among them.",
    })
    .output(z.array(workerInfo)),
  add: procedure
    .route({
      method: "POST",
      path: "/workers",
      summary: "Add a worker",
      description:
        "The token is in this answer only. It opens nothing but the worker's own link, and belongs to the first worker that uses it.",
    })
    .input(z.strictObject({ name, ttlSeconds: z.number().int().positive().optional() }))
    .output(workerInfo.extend({ token: z.string() })),
  rename: procedure
    .route({
      method: "POST",
      path: "/workers/{worker}/rename",
      summary: "Rename a worker",
      description: "Here; the worker itself is not told.",
    })
    .input(z.strictObject({ worker, newName: name }))
    .output(workerInfo),
  remove: procedure
    .route({
      method: "DELETE",
      path: "/workers/{worker}",
      summary: "Remove a worker",
      description: "Revokes its token and ends its link at once. The worker and its workspaces go on.",
    })
    .input(z.strictObject({ worker }))
    .output(z.object({ success: z.boolean() })),
  share: procedure
    .route({
      method: "POST",
      path: "/workers/{worker}/workspaces/{name}/terminals/{terminal}/share",
      summary: "Share a worker's terminal",
      description:
        "A link to watch it for whoever reaches only this agent. The worker makes the link and judges whoever comes with it; there it is listed and revoked.",
    })
    .input(terminalToShare.extend({ worker }))
    .output(sharedTerminal),
  events: procedure
    .route({
      method: "GET",
      path: "/workers/events",
      summary: "Watch workers",
      description: "All of them, then every change.",
    })
    .output(eventIterator(workerEvent)),
};
