import { z } from "zod";
import { procedure } from "./errors.ts";
import { devicePlatform } from "./devices.ts";
import { commands } from "./policy.ts";
import { handler } from "./handlers.ts";

export const infoResponse = z.object({
  hostname: z.string(),
  uptime: z.number().describe("Seconds"),
  workspacesCount: z.number(),
  dockerVersion: z.string().describe("Empty on the local runtime"),
  terminalConnections: z.number(),
  version: z.string(),
  runtime: z.enum(["docker", "local"]).describe("What a new workspace runs on"),
  isolation: z.enum(["container", "sandbox", "none"]),
  nestedDocker: z.boolean().optional().describe("Whether a workspace may have a Docker engine of its own here"),
  remarks: z.array(z.string()),
  engineAvailable: z.boolean(),
  hub: z
    .object({
      url: z.string(),
      name: z.string(),
      state: z.enum(["connecting", "connected", "refused"]),
      problem: z.string().optional(),
    })
    .optional()
    .describe("The agent that this worker dials out to"),
  directory: z.string().optional().describe("Where the worker keeps its workspaces' state"),
  started: z.string().optional().describe("When the agent began, ISO 8601"),
  address: z.string().optional().describe("Where it answers a browser of its own machine"),
  pin: z.string().optional().describe("What devices remember of its TLS key, where it has one"),
});
export type InfoResponse = z.infer<typeof infoResponse>;

export const info = procedure
  .route({
    method: "GET",
    path: "/info",
    summary: "About the worker",
    description: "Host, version, runtime and what it isolates with.",
  })
  .output(infoResponse);

export const doctorCheck = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(["ok", "warn", "fail"]),
  message: z.string(),
  next: z.string().optional(),
});
export type DoctorCheck = z.infer<typeof doctorCheck>;

export const doctor = procedure
  .route({
    method: "GET",
    path: "/doctor",
    summary: "Check the worker",
    description: "What works, what does not and what to do about it.",
  })
  .output(z.array(doctorCheck));

const tokenScope = z.string().regex(/^(read|write|admin|metrics|workspace:[a-z0-9-]{1,63})$/);
export const tokenInfo = z.object({
  id: z.string(),
  name: z.string(),
  scope: z.string(),
  handler: handler.optional().describe("The only thing that it can be used for"),
  commands: commands.optional().describe("The only programs that can be run with it"),
  created: z.string(),
  lastUsed: z.string().optional(),
  lastFrom: z.string().optional().describe("The address it was used from then, as the worker sees it"),
  expires: z.string().optional(),
});
export type TokenInfo = z.infer<typeof tokenInfo>;

export const tokens = {
  create: procedure
    .route({
      method: "POST",
      path: "/tokens",
      summary: "Create a token",
      description:
        "The token is in this answer only; the worker keeps its hash. Scopes: read, write, admin, workspace:NAME, and metrics for /metrics alone.",
    })
    .input(
      z.strictObject({
        name: z.string().min(1).max(100),
        scope: tokenScope.optional().describe("write where absent"),
        ttlSeconds: z.number().int().positive().optional(),
        handler: handler
          .optional()
          .describe("Limits it to fetching from one workspace or publishing to it; instead of a scope"),
        commands: commands.optional().describe("The only programs that can be run with it; not for an administrator's"),
      }),
    )
    .output(tokenInfo.extend({ token: z.string() })),
  list: procedure
    .route({ method: "GET", path: "/tokens", summary: "List tokens", description: "Never the tokens themselves." })
    .output(z.array(tokenInfo)),
  revoke: procedure
    .route({
      method: "DELETE",
      path: "/tokens/{token}",
      summary: "Revoke a token",
      description: "By id or name. Its open connections are closed.",
    })
    .input(z.strictObject({ token: z.string() }))
    .output(z.object({ success: z.boolean() })),
};

export const callerInfo = z.object({
  who: z.string().describe("As the audit names it"),
  scope: z.enum(["read", "write", "admin", "workspace"]),
  handler: handler.optional().describe("The only thing that the token can be used for"),
  workspace: z.string().optional().describe("The only one that the token is for, by its name now"),
});
export type CallerInfo = z.infer<typeof callerInfo>;

export const auth = {
  whoami: procedure
    .route({
      method: "GET",
      path: "/auth/whoami",
      summary: "Who is calling",
      description: "What the token of this call may do.",
    })
    .output(callerInfo),
  link: procedure
    .route({
      method: "POST",
      path: "/auth/link",
      summary: "Make a one-time link",
      description: "A dashboard address that signs one browser in, once, within five minutes.",
    })
    .output(z.object({ url: z.string(), expires: z.string() })),
  exchange: procedure
    .route({
      method: "POST",
      path: "/auth/exchange",
      summary: "Use a one-time code",
      description: "Exchanges the code of a one-time link for a browser token. Needs no token.",
    })
    .input(
      z.strictObject({
        code: z.string().min(1).max(200),
        platform: devicePlatform.optional().describe("What signs in, such as Firefox on Linux"),
      }),
    )
    .output(
      z.object({
        token: z.string(),
        id: z.string().describe("What tokens.revoke knows the token by when the browser signs out"),
        expires: z.string(),
      }),
    ),
};

const said = z.string().min(1).max(200);

export const auditEntry = z.object({
  at: z.string(),
  who: z.string(),
  action: z.string(),
  target: z.string().optional(),
  outcome: z.string().describe("ok or an error code"),
  details: z
    .record(z.string(), z.union([z.string(), z.array(z.string())]))
    .optional()
    .describe("On what files, branches and rules; of more than ten names, how many more there were"),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export const audit = {
  list: procedure
    .route({
      method: "GET",
      path: "/audit",
      summary: "Read the audit log",
      description:
        "Who did what, newest first: 100 entries unless more are asked for, of those that are all of what is said.",
    })
    .input(
      z
        .strictObject({
          limit: z.coerce.number().int().positive().max(10_000).optional(),
          target: said.optional().describe("What it was done to: a workspace's name then, a token's id, a setting"),
          who: said.optional().describe("A part of who it was, such as a token's name or id, or local"),
          action: said.optional().describe("Such as tasks.end, or tasks for all that begin so"),
          since: z.iso.datetime({ offset: true }).optional().describe("No earlier than this instant"),
        })
        .optional(),
    )
    .output(z.array(auditEntry)),
};

export const state = {
  export: procedure
    .route({
      method: "GET",
      path: "/state",
      summary: "Export state",
      description: "Every workspace in the shape of a state.json; no secrets.",
    })
    .output(z.object({ workspaces: z.record(z.string(), z.record(z.string(), z.unknown())) })),
};
