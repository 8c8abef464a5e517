import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { procedure } from "./errors.ts";
import { name } from "./workspace-info.ts";

const which = z.strictObject({ name, script: z.string().min(1).max(1_000).optional() });
const outcomes = z.array(z.object({ script: z.string(), exitCode: z.number() }));

const scriptEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("output"), line: z.string() }),
  z.object({ type: z.literal("ended"), outcomes: outcomes.describe("How each of them ended") }),
]);
export type ScriptEvent = z.infer<typeof scriptEvent>;

/** The worker's scripts, run in a workspace without a start. */
export const runScripts = {
  runScripts: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/scripts",
      summary: "Run the scripts again",
      description:
        "Runs the worker's scripts as a start does, or the one of this name; what is left of an earlier run is ended first. Their output is in the logs.",
    })
    .input(which)
    .output(outcomes),
  followScripts: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/scripts/follow",
      summary: "Run the scripts again and follow them",
      description:
        "The same, with their output as it comes; the last event says how they ended. They end with the connection.",
    })
    .input(which)
    .output(eventIterator(scriptEvent)),
};
