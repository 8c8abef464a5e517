import { confinedNames } from "../confined-path.ts";
import { names, steeringVariable, ungivenVariable } from "./commands.ts";
import type { PathAct, PolicyAct, PolicyLayer } from "./layers.ts";
import { parsePattern, type Match, type Pattern } from "./patterns.ts";
import { setByOf, toError, type Refusal } from "./refusal.ts";
import type { PolicyKey } from "./rules.ts";
import { isGitOwn, isGitStore, sensitiveAt } from "./sensitive-paths.ts";

/** What may be done in a workspace: what every one of its layers lets pass. */
export interface Policy {
  readonly layers: readonly PolicyLayer[];
  /** Whether somebody set rules for paths: then they hold for where a path really leads, or nothing is done. */
  readonly restrictsPaths: boolean;
  /** Throws `path_traversal` for what is no path below the workspace's directory. */
  decide(act: PolicyAct): Refusal | undefined;
  /** Throws `path_traversal` and the refusal's code, naming the rule and where it is set. */
  demand(act: PolicyAct): void;
}

interface Checks {
  layer: PolicyLayer;
  setBy: string;
  allowed: readonly Pattern[] | undefined;
  writable: readonly Pattern[] | undefined;
  hidden: readonly Pattern[];
}

/** `workspace` is whose policy it is, as a refusal's next step names it. */
export function createPolicy(layers: readonly PolicyLayer[] = [], workspace = "NAME"): Policy {
  const checks = layers.map(toChecks);
  const sensitive = protection(checks);
  const restrictsPaths = checks.some(
    ({ allowed, writable, hidden }) => (allowed ?? writable) !== undefined || hidden.length > 0,
  );

  function decidePath(act: PathAct, path: string): Refusal | undefined {
    const segments = confinedNames(path);
    const writes = act !== "see" && act !== "read";
    if (writes) {
      const readOnly = checks.find(({ layer }) => layer.rules.readOnly === true);
      if (readOnly !== undefined) return { code: "read_only", rule: "readOnly", setBy: readOnly.setBy };
    }
    for (const { setBy, allowed, writable, hidden } of checks) {
      const refuse = (rule: PolicyKey, pattern?: string): Refusal => refusal(rule, setBy, pattern);
      const hiding = hidden.find((pattern) => forbids(pattern.match(segments), act));
      if (hiding !== undefined) return refuse("hiddenPaths", hiding.text);
      if (allowed !== undefined && !lets(allowed, segments, act === "see")) return refuse("allowedPaths");
      if (writes && writable !== undefined && !lets(writable, segments, false)) return refuse("writablePaths");
    }
    if (act === "carry") return undefined;
    if (sensitive !== undefined && act !== "see") {
      const found = sensitiveAt(segments);
      if (found !== undefined && forbids(found.match, act)) return refusal("sensitivePaths", sensitive, found.pattern);
    }
    // The same content under another name.
    if (act === "read" && (sensitive !== undefined || restrictsPaths) && isGitStore(segments))
      return refusal("git", "default", ".git");
    return writes && isGitOwn(segments) ? refusal("git", "default", ".git") : undefined;
  }

  function decideExecute(act: Extract<PolicyAct, { act: "execute" | "give" }>): Refusal | undefined {
    for (const { setBy, layer } of checks) {
      const { commands } = layer.rules;
      if (commands === undefined) continue;
      const variable =
        ungivenVariable(act.variables) ?? (act.act === "execute" ? steeringVariable(act.own) : undefined);
      const refused: Refusal = { code: "command_not_allowed", rule: "commands", setBy };
      if (act.act === "execute" && !names(commands, act.program)) return refused;
      if (variable !== undefined) return { ...refused, pattern: variable };
    }
    return undefined;
  }

  function decide(act: PolicyAct): Refusal | undefined {
    if ("path" in act) return decidePath(act.act, act.path);
    if (act.act === "execute" || act.act === "give") return decideExecute(act);
    for (const { setBy, layer } of checks) {
      const { readOnly, fixedBranch, commit, push } = layer.rules;
      if (act.act === "branch") {
        if (fixedBranch === undefined || fixedBranch === act.branch) continue;
        return { code: "branch_not_allowed", rule: "fixedBranch", setBy, pattern: fixedBranch };
      }
      if (readOnly === true) return { code: "read_only", rule: "readOnly", setBy };
      if (act.act === "commit" && commit === false) return { code: "commit_disabled", rule: "commit", setBy };
      if (act.act === "push" && push === false) return { code: "push_disabled", rule: "push", setBy };
    }
    return undefined;
  }

  return {
    layers,
    restrictsPaths,
    decide,
    demand(act) {
      const refused = decide(act);
      if (refused !== undefined) throw toError(refused, act, { layers, workspace });
    },
  };
}

function toChecks(layer: PolicyLayer): Checks {
  const { allowedPaths, writablePaths, hiddenPaths = [] } = layer.rules;
  const compiled = (patterns: readonly string[]): Pattern[] => patterns.map((text) => parsePattern(text));
  return {
    layer,
    setBy: setByOf(layer),
    allowed: allowedPaths && compiled(allowedPaths),
    writable: writablePaths && compiled(writablePaths),
    hidden: compiled(hiddenPaths),
  };
}

/** Who protects what usually holds secrets: it takes a layer of the worker's own to give it up, and any to insist on it. */
function protection(checks: readonly Checks[]): string | undefined {
  const insists = checks.find(({ layer }) => layer.rules.sensitivePaths === true);
  if (insists !== undefined) return insists.setBy;
  return checks.some(({ layer }) => layer.of !== "token" && layer.rules.sensitivePaths === false)
    ? undefined
    : "default";
}

/** What is hidden is hidden with everything below, and under another name it would not be. */
function forbids(match: Match, act: PathAct): boolean {
  return match.covers || (act === "move" && match.through);
}

/** A directory that leads to something allowed can be seen, or nobody would find what is below. */
function lets(patterns: readonly Pattern[], segments: readonly string[], leading: boolean): boolean {
  return patterns.some((pattern) => {
    const { covers, leads } = pattern.match(segments);
    return covers || (leading && leads);
  });
}

function refusal(rule: Refusal["rule"], setBy: string, pattern?: string): Refusal {
  return { code: "path_not_allowed", rule, setBy, ...(pattern === undefined ? {} : { pattern }) };
}
