import { z } from "zod";
import { define } from "./definition.ts";

export const LOGGING = {
  logLevel: define({
    schema: z.enum(["debug", "info", "warn", "error"]),
    default: "info",
    description: "The least important lines that are logged.",
    env: ["WS_LOG_LEVEL"],
    restart: true,
  }),
} as const;
