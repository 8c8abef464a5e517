import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { procedure } from "./errors.ts";
import { flag } from "./flag.ts";
import { taskEvent, taskInfo, taskOutput, taskStatus, taskTool } from "./task-info.ts";
import { leasedTaskInput, permissions, prompt, taskId, taskInput } from "./task-input.ts";
import { name } from "./workspace-info.ts";

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
  createLeased: procedure
    .route({
      method: "POST",
      path: "/tasks",
      summary: "Queue a task in a workspace of its own",
      description:
        "Records the task and returns at once. When its turn comes it takes a numbered workspace of what the reference leads to, which stays until its lease is given back; until then it has none.",
    })
    .input(leasedTaskInput)
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
  resume: procedure
    .route({
      method: "POST",
      path: "/tasks/{task}/resume",
      summary: "Let a coding tool go on",
      description:
        "Goes on in the tool's conversation: one that waits with an answer, or as it would by itself; of one that is over a new task is made, which needs a prompt.",
    })
    .input(
      z.strictObject({
        name: ofWorkspace,
        task: taskId,
        prompt: prompt.optional().describe("The answer, or what is to be done further"),
        permissions: permissions.describe("What it may do from now on"),
        attempt: z.coerce
          .number()
          .int()
          .positive()
          .optional()
          .describe("Which try of it asked what is answered: where that is not what it asks now, nothing happens"),
      }),
    )
    .output(taskInfo),
  tools: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/tools",
      summary: "List coding tools",
      description: "Those that tasks of a workspace can ask for, and whether each could begin there as it is.",
    })
    .input(z.strictObject({ name }))
    .output(z.array(taskTool)),
  events: procedure
    .route({
      method: "GET",
      path: "/tasks/events",
      summary: "Watch tasks",
      description:
        "Those that are not over, then every change; of one workspace where it is named. Whoever comes back with the id of the last event begins with those that ended meanwhile, too.",
    })
    .input(z.strictObject({ name: name.optional() }).optional())
    .output(eventIterator(taskEvent)),
  output: procedure
    .route({
      method: "GET",
      path: "/tasks/{task}/output",
      summary: "Read what a task said",
      description:
        "What its present attempt said, from an offset on, or its last lines. Where it is followed, it goes on until the task is over, through further attempts. An offset that jumps is what was not kept: the first MiB and the last four of each attempt are.",
    })
    .input(
      z.strictObject({
        name: ofWorkspace,
        task: taskId,
        attempt: z.coerce.number().int().positive().optional(),
        offset: z.coerce.number().int().nonnegative().optional(),
        tail: z.coerce
          .number()
          .int()
          .nonnegative()
          .max(1_000_000)
          .optional()
          .describe("Begins with its last so many lines"),
        stream: z.enum(["output", "errors"]).optional().describe("`errors`: what a coding tool wrote on stderr"),
        follow: flag.optional(),
      }),
    )
    .output(eventIterator(taskOutput)),
};
