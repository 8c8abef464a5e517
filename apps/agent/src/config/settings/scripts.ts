import { z } from "zod";
import { define } from "./definition.ts";

export const SCRIPTS = {
  "scripts.post_start": define({
    schema: z.union([z.string(), z.array(z.string())]),
    default: [],
    description: "Scripts on the worker that run in each workspace, as its user, after the clone and after each start.",
    env: [],
    restart: false,
  }),
  "scripts.fail_on_error": define({
    schema: z.boolean(),
    default: false,
    description: "Whether a script that ends with an error fails the start; otherwise it is a line in the logs.",
    env: [],
    restart: false,
  }),
  "scripts.timeoutSeconds": define({
    schema: z.number().int().min(1).max(3_600),
    default: 600,
    description: "How long each script may take; then it is ended with all that it began.",
    env: [],
    restart: false,
  }),
} as const;
