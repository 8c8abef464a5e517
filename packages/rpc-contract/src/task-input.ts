import { z } from "zod";
import { name } from "./workspace-info.ts";

export const taskId = z.string().regex(/^task-[a-z0-9]{12}$/, "must be the id of a task, such as task-0123456789ab");
const instant = z.iso.datetime({ offset: true });

const tool = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "must be the name of a coding tool, such as claude")
  .optional()
  .describe("claude, codex, opencode or one that the worker's settings describe; their default where absent");
const model = z.string().min(1).max(200).optional().describe("As the tool names it; its own choice where absent");
export const permissions = z
  .enum(["ask", "edits", "all"])
  .optional()
  .describe("What it may do without asking: change nothing, change files, or whatever its workspace lets it do");
export const prompt = z.string().min(1).max(1_048_576);

export const taskAction = z.enum(["explain", "fix", "test", "review", "refactor", "document"]);
export type TaskAction = z.infer<typeof taskAction>;

const line = z.number().int().positive();
export const actionContext = z.strictObject({
  path: z.string().min(1).max(4_096).optional().describe("A file of the workspace"),
  lines: z.strictObject({ from: line, to: line }).optional().describe("Of the file"),
  selection: z.string().max(204_800).optional().describe("A text, in place of what the file holds"),
  diff: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("`working`: what is not committed; `staged`; or a branch or commit to compare with"),
  instructions: z.string().max(20_000).optional().describe("What is wanted beyond that"),
});
export type ActionContext = z.infer<typeof actionContext>;

const plainSpecs = [
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
  z.strictObject({
    kind: z.literal("agent"),
    tool,
    prompt: prompt.describe("What a coding tool is to do"),
    model,
    session: z.string().min(1).max(200).optional().describe("A conversation of the tool's to go on with"),
    permissions,
  }),
] as const;

/** What needs no workspace yet to be said. */
export const plainSpec = z.discriminatedUnion("kind", plainSpecs);

const spec = z.discriminatedUnion("kind", [
  ...plainSpecs,
  z.strictObject({
    kind: z.literal("action"),
    action: taskAction,
    context: actionContext
      .optional()
      .describe("What it is about; the repository, or what is not committed, where absent"),
    tool,
    model,
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

export const leasedTaskInput = taskInput.omit({ name: true, spec: true }).extend({
  reference: z.string().min(1).max(4_096).describe("What its workspace is made of, such as #gh:org/repo"),
  spec: plainSpec.describe("What an action is about cannot be read before there is a workspace"),
  cwd: z.string().optional().describe("Directory of the worker that relative paths of the reference start from"),
  profile: z.enum(["person", "agent"]).optional().describe("Of its workspace; agent in a container where absent"),
});
export type LeasedTaskInput = z.infer<typeof leasedTaskInput>;
