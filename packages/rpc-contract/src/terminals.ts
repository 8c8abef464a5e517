import { z } from "zod";
import { procedure } from "./errors.ts";

export const terminalInfo = z.object({
  id: z.string(),
  cols: z.number(),
  rows: z.number(),
  start: z.number().describe("First byte offset still kept"),
  end: z.number().describe("Next byte offset"),
  created: z.string(),
  durable: z.boolean().describe("Whether it outlives the agent"),
  viewers: z.number(),
  exitCode: z.number().optional(),
});
export type TerminalInfo = z.infer<typeof terminalInfo>;

export const terminals = {
  list: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/terminals",
      summary: "List terminals",
      description: "The terminals of one workspace. They are opened and used over the WebSocket /terminal/{name}.",
    })
    .input(z.strictObject({ name: z.string() }))
    .output(z.array(terminalInfo)),
  close: procedure
    .route({
      method: "DELETE",
      path: "/workspaces/{name}/terminals/{terminal}",
      summary: "Close a terminal",
      description: "Ends its program; a closed one is success.",
    })
    .input(z.strictObject({ name: z.string(), terminal: z.string() }))
    .output(z.object({ success: z.boolean() })),
};
