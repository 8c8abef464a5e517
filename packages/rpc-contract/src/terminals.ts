import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { procedure } from "./errors.ts";

export const terminalInfo = z.object({
  id: z.string().describe("Stays when it is renamed"),
  name: z.string().describe("What it is called, and asked for by"),
  title: z.string().optional().describe("What its program says that it does; nothing of it is checked"),
  cols: z.number(),
  rows: z.number(),
  start: z.number().describe("First byte offset still kept"),
  end: z.number().describe("Next byte offset"),
  created: z.string(),
  durable: z.boolean().describe("Whether it outlives the agent"),
  viewers: z.number(),
  recording: z.enum(["on", "kept"]).optional().describe("Whether its output is recorded now, or was"),
  exitCode: z.number().optional(),
});
export type TerminalInfo = z.infer<typeof terminalInfo>;

export const terminalLink = z.object({
  id: z.string(),
  terminal: z.string().describe("The name that the terminal has now; its id where that is not known"),
  created: z.string(),
  expires: z.string(),
  lastUsed: z.string().optional().describe("To the minute"),
});
export type TerminalLink = z.infer<typeof terminalLink>;

export const terminalToShare = z.strictObject({
  name: z.string(),
  terminal: z.string(),
  ttlSeconds: z
    .number()
    .int()
    .positive()
    .max(30 * 86_400)
    .optional()
    .describe("An hour where absent"),
});

/** A link, the token in it, and by which id it is listed and revoked. */
export const sharedTerminal = z.object({ url: z.string(), token: z.string(), id: z.string(), expires: z.string() });

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
  rename: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/terminals/{terminal}/rename",
      summary: "Rename a terminal",
      description:
        "Calls it something else; its program goes on, and so do all who look at it. Links to watch it stay good. CONFLICT where another has the name.",
    })
    .input(z.strictObject({ name: z.string(), terminal: z.string(), newName: z.string() }))
    .output(terminalInfo),
  record: procedure
    .route({
      method: "PUT",
      path: "/workspaces/{name}/terminals/{terminal}/recording",
      summary: "Record a terminal",
      description:
        "Begins or ends to record what its program prints, whoever looks or not, up to 64 MiB. What is typed is not recorded. A new recording takes the place of the one before.",
    })
    .input(z.strictObject({ name: z.string(), terminal: z.string(), on: z.boolean() }))
    .output(z.object({ success: z.boolean() })),
  recording: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/terminals/{terminal}/recording",
      summary: "Get a recording",
      description: "As the text of an asciicast file, version 2, in pieces; also while it is being made.",
    })
    .input(z.strictObject({ name: z.string(), terminal: z.string() }))
    .output(eventIterator(z.object({ text: z.string() }))),
  share: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/terminals/{terminal}/share",
      summary: "Share a terminal",
      description:
        "A link, and the token in it, with which this terminal can be watched and nothing else. Revoke the token to end it.",
    })
    .input(terminalToShare)
    .output(sharedTerminal),
  links: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/links",
      summary: "List links",
      description: "With which the terminals of one workspace can be watched, without what opens them.",
    })
    .input(z.strictObject({ name: z.string() }))
    .output(z.array(terminalLink)),
  unshare: procedure
    .route({
      method: "DELETE",
      path: "/workspaces/{name}/links/{link}",
      summary: "Revoke a link",
      description: "Whoever watches with it is cut off at once. NOT_FOUND where there is none.",
    })
    .input(z.strictObject({ name: z.string(), link: z.string() }))
    .output(z.object({ success: z.boolean() })),
};
