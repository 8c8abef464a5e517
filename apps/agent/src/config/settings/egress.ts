import {
  EGRESS_PRESETS,
  isNeverReached,
  parseEgressDenial,
  parseEgressRule,
  type EgressPreset,
} from "@ws/workspace-core";
import { z } from "zod";
import { define } from "./definition.ts";

const egressRule = z
  .string()
  .refine(isEgressRule, "must be HOST, HOST:PORT or *.DOMAIN, with /private at its end or not")
  .refine(isSomewhereElse, "must not be the worker itself or a cloud's metadata service, which no workspace reaches");
const egressDenial = z.string().refine(isEgressDenial, "must be HOST or *.DOMAIN, or HOST!HOST:PORT to leave that out");

export const EGRESS = {
  "egress.presets": define({
    schema: z.array(z.enum(Object.keys(EGRESS_PRESETS) as EgressPreset[])),
    default: ["registries", "models"],
    description:
      "Lists of hosts that workspaces of the profile `agent` may reach; `ws egress` shows them. `git` goes past what holds git to a workspace's own repository.",
    env: ["WS_EGRESS_PRESETS"],
    restart: false,
  }),
  "egress.allow": define({
    schema: z.array(egressRule),
    default: [],
    description:
      "Further hosts that workspaces of the profile `agent` may reach: `HOST`, `HOST:PORT`, `*.DOMAIN`, with `/private` at its end also at a private address.",
    env: ["WS_EGRESS_ALLOW"],
    restart: false,
  }),
  "egress.deny": define({
    schema: z.array(egressDenial),
    default: [],
    description:
      "Hosts that no workspace of the profile `agent` may reach, whatever allows them: `HOST`, `*.DOMAIN`, and `HOST!HOST:PORT` where that port is left out.",
    env: ["WS_EGRESS_DENY"],
    restart: false,
  }),
} as const;

function isEgressDenial(text: string): boolean {
  try {
    parseEgressDenial(text);
    return true;
  } catch {
    return false;
  }
}

function isSomewhereElse(text: string): boolean {
  return !isEgressRule(text) || !isNeverReached(parseEgressRule(text).host);
}

function isEgressRule(text: string): boolean {
  try {
    parseEgressRule(text);
    return true;
  } catch {
    return false;
  }
}
