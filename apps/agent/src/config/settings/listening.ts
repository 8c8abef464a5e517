import { z } from "zod";
import { define } from "./definition.ts";

export const LISTENING = {
  port: define({
    schema: z.number().int().min(0).max(65_535),
    default: 7391,
    description: "TCP port of the API and the dashboard; 0 picks a free one.",
    env: ["WS_PORT"],
    restart: true,
  }),
  host: define({
    schema: z.string().min(1),
    default: "127.0.0.1",
    description: "Address to listen on. Anything but loopback also needs TLS (`tls.mode`), or `insecureListen`.",
    env: ["WS_HOST"],
    restart: true,
  }),
  insecureListen: define({
    schema: z.boolean(),
    default: false,
    description: "Allows requests from beyond this machine without TLS: tokens then cross the network readably.",
    env: ["WS_INSECURE_LISTEN"],
    restart: true,
  }),
  allowedHosts: define({
    schema: z.array(z.string().regex(/^[a-z0-9*][a-z0-9.-]*$/i)),
    default: [],
    description:
      "Further host names under which the agent may be addressed, such as those of a reverse proxy. IP addresses, localhost and this machine's own name always work.",
    env: ["WS_ALLOWED_HOSTS"],
    restart: false,
  }),
  "previews.domain": define({
    schema: z.union([
      z.literal(""),
      z.string().regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i, "must be a domain, such as previews.example.com"),
    ]),
    default: "",
    description:
      "Domain of which every name leads to this worker, for `ws open NAME PORT` on other devices: previews are at `PORT--NAME.DOMAIN`. Best one of its own, which no other site shares. The worker itself needs none: `PORT--NAME.localhost`.",
    env: ["WS_PREVIEWS_DOMAIN"],
    restart: false,
  }),
} as const;
