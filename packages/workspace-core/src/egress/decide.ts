import { denies, type EgressDenial, parseEgressDenial } from "./denials.ts";
import { parseHost } from "./host.ts";
import { EGRESS_PRESETS, type EgressPreset } from "./presets.ts";
import { egressRuleText, type EgressRule, namesHost, parseEgressRule } from "./rules.ts";

/** What holds for all workspaces of the worker; the rules as `parseEgressRule` reads them. */
export interface WorkerEgress {
  presets: readonly EgressPreset[];
  allow: readonly string[];
  /** Hosts, whatever allows them, as `parseEgressDenial` reads them. */
  deny: readonly string[];
}

/** What holds for one workspace beside that. */
export interface WorkspaceEgress {
  allow: readonly string[];
  deny: readonly string[];
}

/** One rule with who made it. */
export interface SourcedRule extends EgressRule {
  of: EgressPreset | "worker" | "workspace";
}

/** One denial with who made it. */
export interface SourcedDenial extends EgressDenial {
  of: "worker" | "workspace";
}

export interface EgressList {
  allow: readonly SourcedRule[];
  deny: readonly SourcedDenial[];
}

/** What may be reached, and of what is denied who did that. */
export function egressList(worker: WorkerEgress, workspace: WorkspaceEgress = { allow: [], deny: [] }): EgressList {
  const read = (texts: readonly string[], of: SourcedRule["of"]): SourcedRule[] =>
    texts.map((text) => ({ ...parseEgressRule(text), of }));
  return {
    allow: [
      ...worker.presets.flatMap((preset) => read(EGRESS_PRESETS[preset].rules, preset)),
      ...read(worker.allow, "worker"),
      ...read(workspace.allow, "workspace"),
    ],
    deny: [
      ...worker.deny.map((text) => ({ ...parseEgressDenial(text), of: "worker" as const })),
      ...workspace.deny.map((text) => ({ ...parseEgressDenial(text), of: "workspace" as const })),
    ],
  };
}

export type EgressVerdict =
  /** `private`: also where it is at a private address. */
  { allowed: true; host: string; private: boolean } | { allowed: false; host?: string; why: string };

/** Whether a program may be connected to this host as it named it; where it really is, is judged once it is looked up. */
export function decideEgress({ allow, deny }: EgressList, asked: { host: string; port: number }): EgressVerdict {
  const host = parseHost(asked.host);
  if (host === undefined) return { allowed: false, why: "It is no host name." };
  const { text } = host;
  const denied = deny.find((denial) => denies(denial, { host: text, port: asked.port }));
  if (denied !== undefined) return { allowed: false, host: text, why: `The ${denied.of} denies it.` };
  const named = allow.filter((rule) => namesHost(rule.host, text));
  const matching = named.filter((rule) => rule.port === asked.port);
  if (matching.length > 0) return { allowed: true, host: text, private: matching.some((rule) => rule.private) };
  const [other] = named;
  const why = other === undefined ? "It is not on the list." : `Only ${egressRuleText(other)} is on the list.`;
  return { allowed: false, host: text, why };
}
