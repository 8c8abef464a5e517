import type { Clock } from "@ws/workspace-core";
import { ruleOf } from "../access/rules.ts";
import type { RequestContext, Services } from "./context.ts";

/** Writes a call down, where it is one that changes something: by whom, on what, with which outcome; never a value. */
export type Auditing = (
  call: { context: RequestContext; path: readonly string[]; input: unknown },
  outcome: string,
) => void;

export function createAuditing({ state, clock }: Pick<Services, "state" | "clock">): Auditing {
  const mayTell = createSparing(clock);
  return ({ context: { caller, peer }, path, input }, outcome) => {
    if (!changesSomething(path)) return;
    const action = path.join(".");
    if (caller !== undefined) {
      const target = targetOf(input);
      state.audit.append({
        who: caller.who,
        action,
        outcome,
        ...(target === undefined ? {} : { target }),
        ...detailsOf(path, input),
      });
    } else if (outcome === "ok" || mayTell(peer)) {
      // Nothing that a stranger says, and only now and then: each entry is a write to the disk.
      state.audit.append({ who: peer, action, outcome });
    }
  };
}

const WINDOW_MS = 60_000;
const PEERS = 30;

/** Whether this peer may be told of: once in a minute, as one of a few dozen. */
export function createSparing(clock: Pick<Clock, "monotonic">): (peer: string) => boolean {
  const told = new Set<string>();
  let since = clock.monotonic();
  return (peer) => {
    if (clock.monotonic() - since >= WINDOW_MS) {
      told.clear();
      since = clock.monotonic();
    }
    if (told.has(peer) || told.size >= PEERS) return false;
    told.add(peer);
    return true;
  };
}

/** What needs more than reading, because of what it tells. */
const LOOKS: ReadonlySet<string> = new Set(["forges.repositories", "github.listRepos"]);

function changesSomething(path: readonly string[]): boolean {
  if (LOOKS.has(path.join("."))) return false;
  const needs = ruleOf(path)?.needs;
  if (needs === "write" || needs === "open") return true;
  return needs === "admin" && !["get", "list", "status"].includes(path.at(-1) ?? "");
}

/** Which file, which branch and which rules; what only told is not what was done. */
function detailsOf([noun = ""]: readonly string[], input: unknown): { details?: Record<string, string> } {
  if (typeof input !== "object" || input === null) return {};
  const { dryRun, path, from, to, set, unset } = input as Record<string, unknown>;
  const details: Record<string, string> = dryRun === true ? { dryRun: "true" } : {};
  if (noun === "files") {
    for (const [key, value] of Object.entries({ path, from, to })) if (typeof value === "string") details[key] = value;
  }
  if (noun === "git") Object.assign(details, gitDetails(input as Record<string, unknown>));
  if (noun === "policy") {
    const rules = [
      ...(typeof set === "object" && set !== null ? Object.keys(set) : []),
      ...(Array.isArray(unset) ? unset : []),
    ];
    if (rules.length > 0) details["rules"] = rules.join(", ");
  }
  return Object.keys(details).length === 0 ? {} : { details };
}

function gitDetails(input: Record<string, unknown>): Record<string, string> {
  const given = ["branch", "from", "onto", "target", "mode"].map((key) => [key, input[key]] as const);
  const said = ["force", "allowDestructive"].filter((key) => input[key] === true).map((key) => [key, "true"] as const);
  return Object.fromEntries([...given.filter(([, value]) => typeof value === "string"), ...said]) as Record<
    string,
    string
  >;
}

/** What was changed: a workspace's name, a setting's key, a token's name, a lease, a repository, what a reference leads to. It may be of any form, the input being as it came. */
function targetOf(input: unknown): string | undefined {
  if (typeof input !== "object" || input === null) return undefined;
  const { name, key, token, id, lease, reference, repository } = input as Record<string, unknown>;
  const found = name ?? key ?? token ?? id ?? lease ?? reference ?? repository;
  return typeof found === "string" ? found : undefined;
}
