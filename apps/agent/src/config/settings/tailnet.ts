import { z } from "zod";
import { define } from "./definition.ts";

export const TAILNET = {
  "tailnet.mode": define({
    schema: z.enum(["auto", "off"]),
    default: "auto",
    description:
      "Whether the agent also listens at this machine's addresses in its tailnet, where a Tailscale daemon runs, and asks that who is there.",
    env: ["WS_TAILNET"],
    restart: true,
  }),
  "tailnet.users": define({
    schema: z.array(z.string().min(1).max(200)).max(100),
    default: [],
    description:
      "The logins of the tailnet that are let in without a token; the one that this machine belongs to where empty.",
    env: ["WS_TAILNET_USERS"],
    restart: false,
  }),
  "tailnet.scope": define({
    schema: z.enum(["read", "write", "admin"]),
    default: "admin",
    description: "What they may do.",
    env: ["WS_TAILNET_SCOPE"],
    restart: false,
  }),
  "tailnet.socket": define({
    schema: z.string().regex(/^(?:\/.*)?$/, "must be an absolute path"),
    default: "",
    description: "The socket of the Tailscale daemon, which root or this user must own; the usual places where empty.",
    env: ["WS_TAILNET_SOCKET"],
    restart: true,
  }),
} as const;
