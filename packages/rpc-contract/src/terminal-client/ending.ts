import type { Loss, Problem } from "../connection/state.ts";
import { CLOSE } from "../frames.ts";
import type { Lost } from "./link.ts";

/** Why trying again cannot help. */
export type Refusal = "unauthorized" | "forbidden" | "not_found" | "not_running" | "protocol" | "failed";

/** By the code that a socket was closed with. */
export const REFUSALS: ReadonlyMap<number, Refusal> = new Map<number, Refusal>([
  [CLOSE.unauthorized, "unauthorized"],
  [CLOSE.forbidden, "forbidden"],
  [CLOSE.notFound, "not_found"],
  [CLOSE.notRunning, "not_running"],
  [CLOSE.protocol, "protocol"],
  [CLOSE.failed, "failed"],
]);

/** What the end of a socket means for the way to the agent. */
export function lossOf({ code, givenUp }: Lost, problem: Problem | undefined, wasAttached: boolean): Loss {
  // Whoever says why, or that this one reads too slowly, is there.
  if (problem !== undefined) return { cause: "overloaded", problem, alone: true };
  if (code === CLOSE.tooSlow) return { cause: "dropped", alone: true };
  if (givenUp !== undefined) return { cause: givenUp };
  if (code === CLOSE.goingAway) return { cause: "going_away" };
  return { cause: wasAttached ? "dropped" : "unreachable" };
}
