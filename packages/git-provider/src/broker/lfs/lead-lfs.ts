import { createTurns } from "../limits/turns.ts";
import { leadBatch } from "./lead-batch.ts";
import { leadLocks } from "./lead-locks.ts";
import { leadObject } from "./lead-object.ts";
import type { LfsPassage, LfsPlace } from "./passage.ts";
import { createTransfers } from "./transfers.ts";

/** Answers one request of Git LFS; resolves to the answer's status. Throws `RouteRefused`, `WsError`. */
export type LeadLfs = (passage: LfsPassage) => Promise<number>;

const READ_AT_ONCE = 4;

/** Leads Git LFS of one workspace. */
export function createLeadLfs({ network, root }: Pick<LfsPlace, "network" | "root">): LeadLfs {
  const transfers = createTransfers(network.now);
  const place: LfsPlace = { network, root, transfers, reading: createTurns(READ_AT_ONCE) };
  return (passage) => {
    const { call } = passage.route;
    if (call.name === "object") return leadObject(passage, call.id, place);
    return call.name === "batch" ? leadBatch(passage, place) : leadLocks(passage, place);
  };
}
