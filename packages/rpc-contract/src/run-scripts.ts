import { z } from "zod";
import { procedure } from "./errors.ts";
import { name } from "./workspace-info.ts";

export const runScripts = procedure
  .route({
    method: "POST",
    path: "/workspaces/{name}/scripts",
    summary: "Run the scripts again",
    description:
      "Runs the worker's scripts as a start does, or the one of this name; what is left of an earlier run is ended first. Their output is in the logs.",
  })
  .input(z.strictObject({ name, script: z.string().min(1).max(1_000).optional() }))
  .output(z.array(z.object({ script: z.string(), exitCode: z.number() })));
