import type { Contract } from "@ws/rpc-contract";
import { REPOSITORIES } from "./repositories.ts";
import type { Rule, Rules } from "./rule.ts";
import { WORKER } from "./worker.ts";
import { WORKSPACES } from "./workspaces.ts";

/** What every procedure needs; one that is missing here does not compile. */
const RULES: Rules<Contract> = { ...WORKSPACES, ...REPOSITORIES, ...WORKER };

/** The rule of a procedure, by its path; undefined where there is no such procedure. */
export function ruleOf(path: readonly string[]): Rule | undefined {
  let place: unknown = RULES;
  for (const name of path) {
    if (typeof place !== "object" || place === null || !Object.hasOwn(place, name)) return undefined;
    place = (place as Record<string, unknown>)[name];
  }
  return typeof place === "object" && place !== null && "needs" in place ? (place as Rule) : undefined;
}
