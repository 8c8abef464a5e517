import { z } from "zod";
import { procedure } from "./errors.ts";
import { name } from "./workspace-info.ts";

const host = z.string().describe("A name, an IPv4 address, or *.DOMAIN: every name below it");
const rule = z.string().min(1).max(300);

export const egressInfo = z.object({
  network: z
    .enum(["open", "listed", "none"])
    .describe("open: not listed host by host; listed: only what is allowed; none: its image cannot carry a way out"),
  why: z.string().optional().describe("Why there is no way out"),
  allowed: z.array(
    z.object({
      host,
      port: z.number(),
      private: z.boolean().describe("Also at a private address"),
      of: z.string().describe("Who allows it: the workspace, the worker, or a preset by its name"),
    }),
  ),
  denied: z.array(
    z.object({
      host,
      of: z.enum(["worker", "workspace"]),
      except: z.array(z.string()).optional().describe("What of it was allowed afterwards, as HOST:PORT or HOST"),
    }),
  ),
});
export type EgressInfo = z.infer<typeof egressInfo>;

export const egressRefusal = z.object({
  host: z.string(),
  port: z.number(),
  why: z.string(),
  rule: z.string().optional().describe("What would allow it; absent where nothing does"),
  count: z.number(),
  first: z.string(),
  last: z.string(),
});
export type EgressRefusal = z.infer<typeof egressRefusal>;

export const egressPreset = z.object({
  name: z.string(),
  description: z.string(),
  enabled: z.boolean().describe("Whether it holds for the worker's workspaces: the setting egress.presets"),
  rules: z.array(z.string()),
});
export type EgressPreset = z.infer<typeof egressPreset>;

const everywhere = z.boolean().optional().describe("For every workspace of the worker");

/** Where programs in workspaces of the profile `agent` may go. */
export const egress = {
  get: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/egress",
      summary: "Get what a workspace may reach",
      description: "The hosts that its programs may be connected to, and who allows each.",
    })
    .input(z.strictObject({ name }))
    .output(egressInfo),
  refusals: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/egress/refusals",
      summary: "List refused connections",
      description:
        "What its programs were not connected to since the agent began, the latest first, 200 hosts at most.",
    })
    .input(z.strictObject({ name }))
    .output(z.array(egressRefusal)),
  allow: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/egress/allow",
      summary: "Allow a host",
      description: "Lets a workspace of the profile agent reach a host, from its next connection on.",
    })
    .input(
      z.strictObject({
        name,
        rule: rule.describe(
          "HOST, HOST:PORT or *.DOMAIN; 443 where no port is said; /private at its end for private addresses",
        ),
        everywhere,
      }),
    )
    .output(egressInfo),
  deny: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/egress/deny",
      summary: "Deny a host",
      description:
        "Takes back what allows a host, denies it where a preset or the worker allows it, and ends the connections to it.",
    })
    .input(z.strictObject({ name, host: rule.describe("HOST or *.DOMAIN"), everywhere }))
    .output(egressInfo),
  presets: procedure
    .route({
      method: "GET",
      path: "/egress/presets",
      summary: "List presets of hosts",
      description: "The lists of hosts that the setting egress.presets names.",
    })
    .output(z.array(egressPreset)),
};
