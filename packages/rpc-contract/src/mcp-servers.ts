import { z } from "zod";
import { procedure } from "./errors.ts";

export const mcpServer = z.object({
  name: z.string(),
  url: z.string(),
  state: z
    .enum(["approved", "new", "changed", "unreachable"])
    .describe("Only an approved one is given to coding tools; a changed one is not what was approved"),
  sha256: z
    .string()
    .optional()
    .describe("Of what it offers now: its tools with their descriptions, and its instructions"),
  tools: z.array(z.object({ name: z.string(), description: z.string() })).optional(),
  why: z.string().optional().describe("Why it is not reached"),
});
export type McpServer = z.infer<typeof mcpServer>;

/** The servers of tools that coding tools may be given. */
export const mcpServers = {
  list: procedure
    .route({
      method: "GET",
      path: "/mcp-servers",
      summary: "List servers of tools",
      description:
        "Those of the setting agents.mcp, each with what it offers now and whether coding tools are given it.",
    })
    .output(z.array(mcpServer)),
  approve: procedure
    .route({
      method: "POST",
      path: "/mcp-servers/{name}/approve",
      summary: "Approve a server's tools",
      description: "Coding tools are given them until one of them, or its description, changes.",
    })
    .input(
      z.strictObject({
        name: z.string().max(100),
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .optional()
          .describe("What was looked at; another offer is refused"),
      }),
    )
    .output(mcpServer),
};
