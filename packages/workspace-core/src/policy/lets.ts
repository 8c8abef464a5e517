import type { PolicyAct } from "./layers.ts";
import type { Policy } from "./policy.ts";

/** Whether a policy lets something be done with what was found; a name that no path could hold can be reached by nobody. */
export function lets(policy: Policy, act: PolicyAct): boolean {
  try {
    return policy.decide(act) === undefined;
  } catch {
    return false;
  }
}
