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

export interface Measured {
  seconds: number;
  mibPerSecond: number;
  /** Of the worker's process. */
  cpuSeconds: number;
  /** The most memory of the worker's process at the beginning, at the end, and in all. */
  firstQuarterMiB: number;
  lastQuarterMiB: number;
  maxMiB: number;
}
