import type { Measured } from "../place.ts";

export interface Result {
  megabytes: number;
  /** The worker's memory before the first transfer, and the most it ever had. */
  idleMiB: number;
  peakMiB: number;
  /** Git on the worker itself, without the forward: what the others are compared with. */
  direct: Measured;
  clone: Measured;
  push: Measured;
  /** With the worker's credential, judged and then sent. */
  grantedPush: Measured;
  /** Whether what was pushed is whole at the server. */
  intact: boolean;
}
