import { z } from "zod";
import { define } from "./definition.ts";

export const NOTIFICATIONS = {
  "notifications.services": define({
    schema: z.array(
      z.string().regex(/^\.?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?$/i, "must be a host, such as push.example.com"),
    ),
    default: [],
    description:
      "Hosts of further push services that browsers may name for their notifications; a dot before one stands for every name below it. Those of Chrome, Edge, Firefox and Safari are known.",
    env: ["WS_NOTIFICATIONS_SERVICES"],
    restart: false,
  }),
  "notifications.contact": define({
    schema: z
      .string()
      .regex(/^(?:|mailto:[^@\s]+@[^@\s]+|https:\/\/\S+)$/, "must be mailto:NAME@HOST or an https address"),
    default: "",
    description:
      "Where a push service may write to about the notifications that this worker sends (`mailto:NAME@HOST` or an https address); where empty, the https address that the browser came by. Apple's service refuses one on a name that is none of the internet's.",
    env: ["WS_NOTIFICATIONS_CONTACT"],
    restart: false,
  }),
} as const;
