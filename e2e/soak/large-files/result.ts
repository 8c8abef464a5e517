import type { Measured } from "../place.ts";

export interface Result {
  megabytes: number;
  /** The worker's memory before the first transfer, and the most it ever had. */
  idleMiB: number;
  peakMiB: number;
  upload: Measured;
  download: Measured;
  /** Whether what came back is what was sent. */
  intact: boolean;
}
