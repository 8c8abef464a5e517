import { z } from "zod";
import { define } from "./definition.ts";
import { isPlain } from "./plain-url.ts";

export const HUB = {
  "hub.url": define({
    schema: z.string().refine((text) => text === "" || isPlain(text, "/"), "must be https://HOST, without a path"),
    default: "",
    description:
      "The agent that this worker dials out to, `https://HOST`, so that it is reached there as if it were beside it; none where empty. By http only one of this machine, such as the end of a tunnel.",
    env: ["WS_HUB_URL"],
    restart: true,
  }),
  "hub.token": define({
    schema: z.string(),
    default: "",
    description: "What `ws worker add NAME` printed on the hub. Kept in `secrets.json`.",
    env: ["WS_HUB_TOKEN"],
    restart: true,
    secret: true,
  }),
  "hub.name": define({
    schema: z
      .string()
      .regex(/^[\p{L}\p{N}._ -]{0,63}$/u, "must be at most 63 letters, digits, dots, hyphens and spaces"),
    default: "",
    description: "What this worker's audit log calls its hub; the host name of `hub.url` where empty.",
    env: ["WS_HUB_NAME"],
    restart: true,
  }),
  "hub.grant": define({
    schema: z.enum(["read", "write", "admin"]),
    default: "write",
    description: "The most that the hub may do here, whatever those may who call it.",
    env: ["WS_HUB_GRANT"],
    restart: true,
  }),
} as const;
