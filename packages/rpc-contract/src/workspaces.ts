import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { credentialSelection } from "./credentials.ts";
import { procedure } from "./errors.ts";
import { flag } from "./flag.ts";
import { cleanupResult, finalizeInput, finalizeResult } from "./finalize.ts";
import { portForwards } from "./ports.ts";
import { logs } from "./logs.ts";
import { runScripts } from "./run-scripts.ts";
import { usage } from "./usage.ts";
import { usageHistory } from "./usage-history.ts";
import { validatedOnce } from "./validated-once.ts";
import { execution, name, pullRequestNow, workspaceEvent, workspaceInfo } from "./workspace-info.ts";

const byName = z.strictObject({ name });

/** What ends or removes something may say which workspace is meant: a name can change hands while somebody is asked. */
const id = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .describe("Which workspace is meant: refused with workspace_mismatch where the name is another's by now");
const byNameAndId = z.strictObject({ name, id });

const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/);
const env = z.record(variableName, z.string().max(100_000)).describe("Variables for every process");

/** What a workspace is made of. */
const shape = {
  clone: z.string().min(1).optional().describe("URL of the repository to clone, or a reference such as #gh:org/repo"),
  cwd: z.string().optional().describe("Directory of the worker that a relative reference in clone starts from"),
  branch: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Branch to check out, made from the base where it does not exist; one of the workspace's own where absent",
    ),
  base: z.string().min(1).optional().describe("Branch to start from; the remote's default where absent"),
  checkout: z
    .strictObject({
      depth: z.number().int().positive().optional().describe("Only so many commits of history"),
      filter: z.enum(["blob:none", "tree:0"]).optional().describe("What stays on the remote until it is needed"),
      sparse: z.array(z.string().min(1)).min(1).max(1_000).optional().describe("Only these directories"),
      lfs: z.boolean().optional().describe("Whether large files of Git LFS are fetched"),
    })
    .optional()
    .describe("How much a clone takes; all files and the whole history where absent"),
  env: env.optional(),
  credentials: credentialSelection
    .optional()
    .describe("Which of the worker's credentials it may use; all where absent"),
  runtime: z.enum(["docker", "local"]).optional(),
  profile: z.enum(["person", "agent"]).optional(),
  image: z.string().min(1).optional(),
  docker: z.boolean().optional().describe("Whether it has a Docker engine of its own, where the worker allows that"),
  devcontainer: z
    .enum(["strict", "lenient"])
    .optional()
    .describe(
      "Follows the repository's devcontainer.json: strict fails on what it is not given, lenient leaves it out",
    ),
  limits: z
    .strictObject({
      cpus: z.number().min(0.01).optional(),
      memoryBytes: z.number().int().min(33_554_432).optional(),
      processes: z.number().int().positive().optional(),
    })
    .optional(),
  ttlSeconds: z
    .number()
    .int()
    .positive()
    .max(31_536_000)
    .optional()
    .describe(
      "Stops after this long running, at most 365 days; with autoCleanup also removed, where nothing would be lost",
    ),
  idleSeconds: z
    .number()
    .int()
    .min(60)
    .max(31_536_000)
    .optional()
    .describe("Stops after so long without use, where no program goes on in it"),
  execution: execution.optional().describe("The larger job it is part of; its branch is named after it"),
  autoCleanup: z
    .boolean()
    .optional()
    .describe("Whether it is removed when its TTL or its execution ends and nothing in it would be lost"),
};

export const createInput = z.strictObject({
  name,
  ...shape,
  idempotencyKey: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Repeating a create with the same key and input gives the same workspace"),
  wait: z.boolean().optional().describe("false returns at once; the steps arrive as events"),
});
export type CreateInput = z.infer<typeof createInput>;

export const startInput = z.strictObject({ name, id, ...shape });
export type StartInput = z.infer<typeof startInput>;

const changeable = z.strictObject({
  cpus: z.number().min(0.01).nullable().optional(),
  memoryBytes: z.number().int().min(33_554_432).nullable().optional(),
  processes: z.number().int().positive().nullable().optional(),
});

export const updateInput = z.strictObject({
  name,
  limits: changeable.optional().describe("They hold at once, also for what runs; null takes one away"),
  ttlSeconds: shape.ttlSeconds.unwrap().nullable().optional().describe("Counted anew from now; null: it never stops"),
  idleSeconds: shape.idleSeconds.unwrap().nullable().optional().describe("null: it never stops when idle"),
  autoCleanup: z.boolean().optional(),
  credentials: credentialSelection.nullable().optional().describe("Which of the worker's it may use; null: all"),
  env: z
    .record(variableName, z.string().max(100_000).nullable())
    .optional()
    .describe("Variables by name; null takes one away, and the others stay"),
});
export type UpdateInput = z.infer<typeof updateInput>;

export const updateResult = z.object({
  workspace: workspaceInfo,
  forNewPrograms: z
    .array(z.enum(["env", "credentials"]))
    .describe("What only programs have that begin from now on; those that run go on with what they had"),
});
export type UpdateResult = z.infer<typeof updateResult>;

export const execResult = z.object({
  stdout: z.string(),
  stderr: z.string(),
  exitCode: z.number(),
  truncated: z.boolean().optional().describe("Whether output beyond the limit was left out"),
});

/** Seed-compatible names and shapes, and what this product adds. */
export const workspaces = {
  list: procedure
    .route({
      method: "GET",
      path: "/workspaces",
      summary: "List workspaces",
      description: "Every live workspace, oldest first; with a token for one of them, that one.",
    })
    .output(z.array(workspaceInfo)),
  get: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}",
      summary: "Get a workspace",
      description: "One workspace by name.",
    })
    .input(byName)
    .output(workspaceInfo),
  create: procedure
    .route({
      method: "POST",
      path: "/workspaces",
      summary: "Create a workspace",
      description: "Makes a workspace and returns when it is ready. A failed step is undone and named in the error.",
    })
    .input(createInput)
    .output(workspaceInfo),
  delete: procedure
    .route({
      method: "DELETE",
      path: "/workspaces/{name}",
      summary: "Delete a workspace",
      description:
        "Removes the workspace and its home. Refused where it holds work that is not committed or not pushed, unless it is forced.",
    })
    .input(byNameAndId.extend({ force: z.boolean().optional().describe("Destroys also what lies nowhere else") }))
    .output(z.object({ success: z.boolean() })),
  start: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/start",
      summary: "Start a workspace",
      description:
        "Starts a stopped workspace; a running one is returned as it is. One whose create failed is tried again, with what is given here in place of what was given before. Of one that exists, variables are added and everything else must be what it is, or the answer is a conflict that names both.",
    })
    .input(startInput)
    .output(workspaceInfo),
  stop: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/stop",
      summary: "Stop a workspace",
      description: "Ends its processes and keeps its home.",
    })
    .input(byNameAndId)
    .output(workspaceInfo),
  restart: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/restart",
      summary: "Restart a workspace",
      description: "Stops and starts it; its home stays.",
    })
    .input(byNameAndId)
    .output(workspaceInfo),
  finalize: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/finalize",
      summary: "Finalize a workspace",
      description:
        "Commits, pushes, opens or updates the pull request and cleans up, as far as is asked for. Safe to repeat: it goes on where it failed.",
    })
    .input(finalizeInput)
    .output(finalizeResult),
  pullRequest: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/pull-request",
      summary: "Look at the pull request",
      description: "The one that was opened of the workspace, as its forge has it now, with the checks of its branch.",
    })
    .input(byName)
    .output(pullRequestNow),
  cleanup: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/cleanup",
      summary: "Clean up a workspace",
      description:
        "Ends its credentials, and removes it where nothing in it would be lost or it is forced. What is kept is told with what keeps it.",
    })
    .input(
      byNameAndId.extend({
        force: z.boolean().optional().describe("Destroys also what lies nowhere else"),
        dryRun: z.boolean().optional().describe("Only tells what would become of it"),
      }),
    )
    .output(cleanupResult),
  reap: procedure
    .route({
      method: "POST",
      path: "/workspaces/reap",
      summary: "Clean up what is left over",
      description:
        "Cleans up failed creates, and stopped workspaces that may be cleaned up by themselves, where nothing in them would be lost.",
    })
    .input(
      z
        .strictObject({
          dryRun: z.boolean().optional().describe("Only tells what would become of them"),
          force: z.boolean().optional().describe("Destroys also what lies nowhere else"),
        })
        .optional(),
    )
    .output(z.array(cleanupResult)),
  fetch: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/fetch",
      summary: "Fetch from the remote",
      description: "Brings what its repository knows of the remote up to date: all of it, or these branches.",
    })
    .input(z.strictObject({ name, branches: z.array(z.string().min(1)).max(100).optional() }))
    .output(z.object({ success: z.boolean() })),
  rename: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/rename",
      summary: "Rename a workspace",
      description: "Gives it another name; its id, home and processes stay.",
    })
    .input(byNameAndId.extend({ newName: z.string() }))
    .output(workspaceInfo),
  update: procedure
    .route({
      method: "PATCH",
      path: "/workspaces/{name}",
      summary: "Change a workspace",
      description:
        "Changes its limits, when it ends by itself, which credentials it may use and its variables; what is not named stays. Limits hold at once, without a restart.",
    })
    .input(updateInput)
    .output(updateResult),
  touch: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/touch",
      summary: "Mark as used",
      description: "Sets its last use to now and its TTL back to full.",
    })
    .input(byName)
    .output(workspaceInfo),
  ...runScripts,
  ...logs,
  exec: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/exec",
      summary: "Run a command",
      description:
        "Runs a command and returns its output, at most 10 MiB. A string is given to sh -c; at the timeout (milliseconds, 30,000 by default) the whole process tree is ended. The streaming twin is the WebSocket /exec/{name}.",
    })
    .input(
      z.strictObject({
        name,
        command: z.union([z.string().min(1), z.array(z.string()).min(1)]),
        timeout: z.number().int().positive().max(86_400_000).optional(),
        cwd: z.string().optional(),
        env: env.optional(),
      }),
    )
    .output(execResult),
  ...portForwards,
  usage,
  usageHistory,
  events: procedure
    .route({
      method: "GET",
      path: "/events",
      summary: "Watch workspaces",
      description:
        "A snapshot, then every change; with a name, of that workspace only. With tasks, its events 'tasks' and 'task' are those of /tasks/events, for whoever would otherwise hold two streams.",
    })
    .input(z.strictObject({ name: name.optional(), tasks: flag.optional() }).optional())
    .output(eventIterator(validatedOnce(workspaceEvent))),
};
