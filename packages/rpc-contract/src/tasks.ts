import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { procedure } from "./errors.ts";
import { name } from "./workspace-info.ts";

const taskId = z.string().regex(/^task-[a-z0-9]{12}$/, "must be the id of a task, such as task-0123456789ab");
const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);
const instant = z.iso.datetime({ offset: true });

export const taskStatus = z.enum([
  "pending",
  "running",
  "waiting_input",
  "limited",
  "auth_failed",
  "completed",
  "failed",
  "cancelled",
]);
export type TaskStatus = z.infer<typeof taskStatus>;

const failure = z.object({ code: z.string(), message: z.string(), next: z.string().optional() });

export const taskInfo = z.object({
  id: z.string(),
  workspaceId: z.string(),
  workspace: z.string().describe("Name of the workspace; empty once it was deleted"),
  execution: z.string().optional(),
  title: z.string(),
  kind: z.enum(["command", "code"]),
  prompt: z.string().describe("What is to be done: the command's words, or the beginning of the code"),
  status: taskStatus,
  priority: z.number(),
  dependsOn: z.array(z.string()),
  attempt: z.number().describe("Which try this is; 0 before the first"),
  retriesLeft: z.number(),
  restartable: z.boolean(),
  timeoutSeconds: z.number().optional(),
  createdAt: z.string(),
  createdBy: z.string(),
  startedAt: z.string().optional().describe("When the last attempt began"),
  completedAt: z.string().optional(),
  notBefore: z.string().optional().describe("Not begun earlier"),
  cancelling: z.boolean().optional().describe("Its end was asked for, and it still runs"),
  waits: failure.optional().describe("What it waits for though its turn has come"),
  exitCode: z.number().optional(),
  signal: z.string().optional().describe("What ended its program"),
  error: failure.optional().describe("Why it failed, or why its last attempt did"),
  retryOf: z.string().optional().describe("The task that it tries again"),
});
export type TaskInfo = z.infer<typeof taskInfo>;

export const taskEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("snapshot"), tasks: z.array(taskInfo) }),
  z.object({ type: z.literal("changed"), task: taskInfo }),
]);
export type TaskEvent = z.infer<typeof taskEvent>;

export const taskOutput = z.object({
  attempt: z.number(),
  offset: z.number().describe("Of the text's first byte among all that the attempt said; a jump is what was not kept"),
  end: z.number().describe("Where to go on"),
  text: z.string(),
});
export type TaskOutput = z.infer<typeof taskOutput>;

const spec = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("command"),
    command: z
      .union([z.string().min(1).max(100_000), z.array(z.string()).min(1).max(10_000)])
      .describe("Its words, or one string for sh -c"),
    cwd: z.string().optional().describe("Absolute; where the workspace's commands start where absent"),
    env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(100_000)).optional(),
    stdin: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal("code"),
    language: z.enum(["javascript", "typescript", "python", "sh"]),
    code: z.string().min(1),
  }),
]);

export const taskInput = z.strictObject({
  name,
  spec,
  title: z.string().min(1).max(200).optional(),
  priority: z.number().int().min(-100).max(100).optional().describe("Higher ones go first; 0 where absent"),
  dependsOn: z.array(taskId).max(100).optional().describe("Begins once these are completed, else it is cancelled"),
  retries: z.number().int().min(0).max(100).optional().describe("How often it is tried again after a failure"),
  restartable: z.boolean().optional().describe("Whether it may be run again where its workspace went while it ran"),
  timeoutSeconds: z
    .number()
    .positive()
    .max(604_800)
    .optional()
    .describe("Ends each attempt after so long, with all its processes; code after 5 where absent"),
  notBefore: instant.optional().describe("Not begun before this instant"),
  execution: z.string().min(1).max(200).optional().describe("The larger job it is part of"),
  idempotencyKey: z.string().min(1).max(200).optional().describe("Repeating under one key gives the same task"),
});
export type TaskInput = z.infer<typeof taskInput>;

const ofWorkspace = name.optional().describe("The workspace that it has to be in");
const byId = z.strictObject({ name: ofWorkspace, task: taskId });

/** Pieces of work that are queued for workspaces and go on without anybody who waits. */
export const tasks = {
  create: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/tasks",
      summary: "Queue a task",
      description:
        "Records the task and returns at once; a workspace that is stopped is started for it. A token may create 60 tasks a minute.",
    })
    .input(taskInput)
    .output(taskInfo),
  list: procedure
    .route({
      method: "GET",
      path: "/tasks",
      summary: "List tasks",
      description: "The last created first; those of one workspace, or in certain states, where asked for.",
    })
    .input(
      z
        .strictObject({
          name: name.optional(),
          status: z.union([taskStatus.transform((one) => [one]), z.array(taskStatus)]).optional(),
          limit: z.coerce.number().int().min(1).max(1_000).optional().describe("100 where absent"),
          before: taskId.optional().describe("Only those created before this one, as the next page"),
        })
        .optional(),
    )
    .output(z.array(taskInfo)),
  get: procedure
    .route({ method: "GET", path: "/tasks/{task}", summary: "Show a task", description: "The task as it is now." })
    .input(byId)
    .output(taskInfo),
  cancel: procedure
    .route({
      method: "POST",
      path: "/tasks/{task}/cancel",
      summary: "Cancel a task",
      description:
        "Ends all its processes and answers when they have ended, or after ten seconds. One that is over stays as it is.",
    })
    .input(byId)
    .output(taskInfo),
  retry: procedure
    .route({
      method: "POST",
      path: "/tasks/{task}/retry",
      summary: "Try a task again",
      description: "Queues a new task that asks for the same as one that is over.",
    })
    .input(byId)
    .output(taskInfo),
  events: procedure
    .route({
      method: "GET",
      path: "/tasks/events",
      summary: "Watch tasks",
      description: "Those that are not over, then every change; of one workspace where it is named.",
    })
    .input(z.strictObject({ name: name.optional() }).optional())
    .output(eventIterator(taskEvent)),
  output: procedure
    .route({
      method: "GET",
      path: "/tasks/{task}/output",
      summary: "Read what a task said",
      description:
        "What its present attempt said, from an offset on. Where it is followed, it goes on until the task is over, through further attempts.",
    })
    .input(
      z.strictObject({
        name: ofWorkspace,
        task: taskId,
        attempt: z.coerce.number().int().positive().optional(),
        offset: z.coerce.number().int().nonnegative().optional(),
        follow: flag.optional(),
      }),
    )
    .output(eventIterator(taskOutput)),
};
