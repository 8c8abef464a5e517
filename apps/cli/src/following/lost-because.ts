import type { Cause } from "@ws/rpc-contract/connection";

/** Why there is no way to the agent, as a sentence. */
export const LOST_BECAUSE: Readonly<Record<Cause, string>> = {
  unreachable: "The agent does not answer.",
  silent: "Nothing comes from the agent any more.",
  dropped: "The connection was lost.",
  going_away: "The agent went away.",
  overloaded: "The agent cannot answer now.",
};
