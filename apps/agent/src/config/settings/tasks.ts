import { z } from "zod";
import { define } from "./definition.ts";

export const TASKS = {
  "tasks.perWorkspace": define({
    schema: z.number().int().min(1).max(1_000),
    default: 3,
    description: "How many tasks run at once in one workspace.",
    env: ["WS_TASKS_PER_WORKSPACE"],
    restart: false,
  }),
  "tasks.global": define({
    schema: z.number().int().min(1).max(10_000),
    default: 32,
    description: "How many tasks run at once on the whole worker.",
    env: ["WS_TASKS_GLOBAL"],
    restart: false,
  }),
} as const;
