import type { Granted } from "../lead/granted.ts";
import type { Network } from "../forge/network.ts";
import type { Passage } from "../lead/passage.ts";
import type { LfsRoute } from "../protocol/routes.ts";
import type { Turns } from "../limits/turns.ts";
import type { Transfers } from "./transfers.ts";

/** One request of Git LFS on its way. */
export interface LfsPassage extends Passage<LfsRoute> {
  granted?: Granted;
  /** Whether the forge's host may be at a private address. */
  allowPrivate: boolean;
}

/** What the requests of one workspace share. */
export interface LfsPlace {
  network: Network;
  transfers: Transfers;
  /** Answers are held whole while they are read; few of a workspace at once. */
  reading: Turns;
  /** The way to the worker as the workspace has it, with its capability and without a slash at the end. */
  root: () => string;
}
