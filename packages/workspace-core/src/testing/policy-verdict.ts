import type { PolicyAct, PolicyLayer } from "../policy/layers.ts";
import { createPolicy } from "../policy/policy.ts";
import type { PolicyRules } from "../policy/rules.ts";

/** A layer of a workspace's own, where nothing else is said. */
export function layerOf(rules: PolicyRules, layer: Partial<PolicyLayer> = {}): PolicyLayer {
  return { of: "workspace", name: "demo", rules, ...layer };
}

/** `ok`, or the rule that refuses. */
export function verdict(layers: readonly PolicyLayer[], act: PolicyAct): string {
  return createPolicy(layers).decide(act)?.rule ?? "ok";
}
