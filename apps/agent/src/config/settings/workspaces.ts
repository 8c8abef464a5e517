import { z } from "zod";
import { define } from "./definition.ts";

export const WORKSPACES = {
  runtime: define({
    schema: z.enum(["auto", "docker", "local"]),
    default: "auto",
    description: "What new workspaces run on. `auto` is Docker wherever an engine answers, else `local`.",
    env: ["WS_RUNTIME"],
    restart: true,
  }),
  workspacesDir: define({
    schema: z.string(),
    default: "",
    description: "Directory of the local runtime's workspaces; `workspaces` beside config.json where empty.",
    env: ["WS_WORKSPACES_DIR", "PARALLAX_WORKSPACES_DIR"],
    restart: true,
  }),
  workspaceTtlSeconds: define({
    schema: z.number().int().min(1).max(31_536_000),
    default: 3_600,
    description:
      "How long a workspace of an execution runs before it is stopped or cleaned up, unless it says otherwise.",
    env: ["WS_WORKSPACE_TTL_SECONDS", "PARALLAX_WORKSPACE_TTL_SECONDS"],
    restart: false,
  }),
  autoCleanup: define({
    schema: z.boolean(),
    default: true,
    description:
      "Whether workspaces of executions are removed when their TTL or their execution ends; never with work in them that lies nowhere else.",
    env: ["WS_WORKSPACE_AUTO_CLEANUP", "PARALLAX_WORKSPACE_AUTO_CLEANUP"],
    restart: false,
  }),
} as const;
