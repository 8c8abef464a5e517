import { z } from "zod";
import { credentialSelection } from "./credentials.ts";
import { taskInfo } from "./task-info.ts";

export const name = z.string().describe("The workspace's name");

export const startupStep = z.object({
  id: z.string().describe("prepare, credentials, devcontainer, create, start, connect, clone or scripts"),
  label: z.string(),
  status: z.enum(["pending", "running", "done", "error", "skipped"]),
  message: z.string().optional(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
});

export const execution = z.object({
  id: z.string().min(1).max(100).describe("Names the larger job"),
  role: z.string().min(1).max(100).describe("Who works, such as engineer"),
  slug: z.string().min(1).max(200).optional().describe("What is done, in few words"),
  patternName: z.string().max(200).optional(),
  taskId: z.string().max(200).optional(),
  userId: z.string().max(200).optional(),
});

export const pullRequest = z.object({
  number: z.number(),
  url: z.string(),
  state: z.enum(["open", "closed", "merged"]),
  sourceBranch: z.string(),
  targetBranch: z.string(),
  title: z.string(),
  draft: z.boolean(),
  executionId: z.string().optional(),
  createdAt: z.string(),
  mergedAt: z.string().optional(),
});
export type PullRequest = z.infer<typeof pullRequest>;

const checks = z.object({
  state: z.enum(["success", "failure", "pending", "none"]).describe("Of all of them together"),
  checks: z.array(
    z.object({
      name: z.string(),
      state: z.enum(["success", "failure", "pending", "neutral"]),
      url: z.string().optional(),
    }),
  ),
});

/** A workspace's pull request as its forge has it; neither where none was opened. */
export const pullRequestNow = z.object({ pullRequest: pullRequest.optional(), checks: checks.optional() });
export type PullRequestNow = z.infer<typeof pullRequestNow>;

const seenChecks = z.object({
  state: z.enum(["success", "failure", "pending", "none"]).describe("Of all of them together"),
  failed: z.array(z.string()).describe("Names of those that failed, at most five"),
  at: z.string().describe("When they were first seen so, ISO 8601"),
});
export type SeenChecks = z.infer<typeof seenChecks>;

/** A workspace as every surface shows it. Instants are ISO 8601. */
export const workspaceInfo = z.object({
  id: z.string(),
  name,
  status: z.enum(["creating", "running", "stopped", "error"]),
  phase: z.enum(["provisioning", "ready", "working", "finalizing", "cleaned_up", "error"]),
  operation: z
    .enum(["create", "start", "stop", "restart", "rename", "update", "finalize", "look", "delete"])
    .optional(),
  operationStep: z.string().optional().describe("How far the operation is: push, pull_request"),
  containerId: z.string().describe("The workspace's id on the local runtime; empty until the container exists"),
  created: z.string(),
  lastUsed: z.string(),
  repo: z.string().optional(),
  branch: z.string().optional(),
  baseBranch: z.string().optional().describe("What the branch was begun from, and where its pull request goes"),
  execution: execution.optional(),
  pullRequest: pullRequest.optional().describe("As it was last seen; looked at while somebody watches"),
  checks: seenChecks.optional().describe("Of the pull request's branch, as they were last seen"),
  diskBytes: z.number().optional().describe("What its home holds, as it was last measured"),
  directory: z.string().optional().describe("Where commands and shells start"),
  runtime: z.enum(["docker", "local"]),
  isolation: z.enum(["container", "sandbox", "none"]),
  profile: z.enum(["person", "agent"]),
  image: z.string().optional(),
  nested: z.literal(true).optional().describe("It runs Docker, and has nearly the rights of root on its machine"),
  devcontainer: z.string().optional().describe("The file of its repository that it follows"),
  limits: z.object({
    cpus: z.number().optional(),
    memoryBytes: z.number().optional(),
    processes: z.number().optional(),
  }),
  credentials: credentialSelection.optional().describe("Which of the worker's it may use; all where absent"),
  variables: z
    .array(z.string())
    .optional()
    .describe("Names of the variables that it was given; what they hold is not told"),
  ttlSeconds: z.number().optional(),
  idleSeconds: z.number().optional(),
  autoCleanup: z.boolean().optional(),
  stopsInSeconds: z.number().optional().describe("Time of running left before the TTL stops it"),
  ports: z.object({
    ssh: z.number().describe("Where it answers SSH on its worker's own loopback; 0 where it does not"),
    http: z.number().optional(),
    forwards: z
      .array(z.object({ host: z.number(), container: z.number(), label: z.string() }))
      .optional()
      .describe("Its named ports, and where people have them on their own machines"),
  }),
  sshAgents: z.array(z.string()).optional().describe("Whose SSH agents its programs can sign with now"),
  startup: z.object({ steps: z.array(startupStep), updatedAt: z.string() }),
  failure: z
    .object({
      step: z.string(),
      code: z.string(),
      message: z.string(),
      next: z.string().optional(),
      at: z.string(),
    })
    .optional(),
  stopReason: z.string().optional(),
});
export type WorkspaceInfo = z.infer<typeof workspaceInfo>;

export const workspaceEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("snapshot"), workspaces: z.array(workspaceInfo) }),
  z.object({ type: z.literal("changed"), workspace: workspaceInfo }),
  z.object({ type: z.literal("removed"), id: z.string(), name }),
  z.object({
    type: z.literal("progress"),
    id: z.string(),
    name,
    step: z.string(),
    message: z.string(),
    percent: z.number().optional(),
  }),
  z.object({
    type: z.literal("terminal"),
    id: z.string(),
    name,
    terminal: z.string(),
    change: z
      .enum(["opened", "renamed", "titled", "ended"])
      .describe("What to list the workspace's terminals again for"),
  }),
  z.object({
    type: z.literal("credentials").describe("What began before has the variables and files of before"),
    id: z.string(),
    name,
  }),
  z.object({
    type: z.literal("egress_refused"),
    id: z.string(),
    name,
    host: z.string(),
    port: z.number().describe("What a program of it may not connect to; not told each time"),
  }),
  z.object({ type: z.literal("engine"), available: z.boolean(), message: z.string().optional() }),
  z.object({
    type: z.literal("tasks"),
    tasks: z.array(taskInfo).describe("Those that are not over; only for whoever asked for tasks"),
  }),
  z.object({ type: z.literal("task"), task: taskInfo }),
]);
export type WorkspaceEvent = z.infer<typeof workspaceEvent>;
