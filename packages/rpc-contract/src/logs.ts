import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { procedure } from "./errors.ts";
import { name } from "./workspace-info.ts";

/** What happened at startup and in scripts, and what a workspace printed. */
export const logs = {
  logs: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/logs",
      summary: "Read logs",
      description: "Startup steps, scripts, then what the container printed.",
    })
    .input(z.strictObject({ name, tail: z.coerce.number().int().nonnegative().max(100_000).optional() }))
    .output(z.string()),
  followLogs: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/logs/follow",
      summary: "Follow logs",
      description:
        "The last lines, then new ones as they come. Every event has an id; who sends it as Last-Event-ID goes on after it.",
    })
    .input(z.strictObject({ name, tail: z.coerce.number().int().nonnegative().max(100_000).optional() }))
    .output(
      eventIterator(
        z.object({
          text: z.string().describe("Whole lines"),
          source: z
            .enum(["startup", "script", "agent", "output"])
            .optional()
            .describe("Where all of them are from: what the agent did, or output, which the container printed"),
        }),
      ),
    ),
};
