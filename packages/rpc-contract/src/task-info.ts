import { z } from "zod";

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
  workspaceId: z.string().describe("Empty while it waits for a workspace of its own"),
  workspace: z.string().describe("Name of the workspace; empty where it has none yet, and once it was deleted"),
  reference: z.string().optional().describe("What the workspace of its own is made of"),
  lease: z
    .string()
    .optional()
    .describe("The lease of that workspace, once it has it; the work stays until it is given back"),
  execution: z.string().optional(),
  title: z.string(),
  kind: z.enum(["command", "code", "agent"]),
  prompt: z
    .string()
    .describe(
      "What is to be done: the command's words, the beginning of the code or the prompt, or what an action is about, without the files it reads",
    ),
  status: taskStatus,
  priority: z.number(),
  dependsOn: z.array(z.string()),
  attempt: z.number().describe("Which try this is; 0 before the first"),
  retriesLeft: z.number(),
  restartable: z.boolean(),
  timeoutSeconds: z.number().optional(),
  createdAt: z.string(),
  createdBy: z.string(),
  changedAt: z.string().describe("Since when its status is what it is"),
  startedAt: z.string().optional().describe("When the last attempt began"),
  completedAt: z.string().optional(),
  notBefore: z.string().optional().describe("Not begun earlier"),
  cancelling: z.boolean().optional().describe("Its end was asked for, and it still runs"),
  waitsFor: z.array(z.string()).optional().describe("Those of `dependsOn` that are not completed yet"),
  waits: failure.optional().describe("What it waits for though its turn has come"),
  exitCode: z.number().optional(),
  signal: z.string().optional().describe("What ended its program"),
  error: failure.optional().describe("Why it failed, or why its last attempt did"),
  retryOf: z.string().optional().describe("The task that it tries again"),
  followUpOf: z.string().optional().describe("The task whose conversation it goes on with"),
  tool: z.string().optional().describe("The coding tool"),
  model: z.string().optional(),
  action: z.string().optional().describe("What its prompt was made from"),
  permissions: z.enum(["ask", "edits", "all"]).optional(),
  session: z.string().optional().describe("The tool's name for its conversation, which `resume` goes on with"),
  question: z
    .object({
      text: z.string(),
      options: z.array(z.string()).optional(),
      reason: z.enum(["question", "permission"]).describe("`permission`: it was not allowed to do something"),
    })
    .optional()
    .describe("What it waits to be told"),
  account: z.string().optional().describe("Whose usage it counts into; no part of a key"),
  result: z.string().optional().describe("What the tool said at last"),
  usage: z
    .object({ inputTokens: z.number().optional(), outputTokens: z.number().optional(), cost: z.number().optional() })
    .optional()
    .describe("As the tool counts; the cost in US dollars"),
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

export const taskTool = z.object({
  name: z.string(),
  isDefault: z.boolean(),
  installed: z.boolean().optional().describe("Whether it is in the workspace; absent where that is not known"),
  login: z
    .enum(["key", "login", "missing", "unknown"])
    .describe("`key`: a variable of the workspace has one; `login`: one of its own lies in the home"),
  keys: z.array(z.string()).describe("The variables that it takes its key from, any of which will do"),
  model: z.string().optional().describe("What it is started with where a task names none"),
  needsModel: z.boolean(),
});
export type TaskTool = z.infer<typeof taskTool>;
