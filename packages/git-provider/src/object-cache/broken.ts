/** Whether git says that objects here cannot be read; what a remote, a line or a checkout did wrong reads otherwise. */
export function saysBroken(stderr: string): boolean {
  return BROKEN.test(stderr);
}

const BROKEN = new RegExp(
  [
    "corrupt",
    "missing (?:blob|tree|commit|tag)",
    "bad (?:object|tree|revision)",
    "unable to (?:read|find)",
    "could not (?:read|parse) (?!Username|Password|from)",
    "cannot read",
    "too small",
    "(?:size|checksum|hash) mismatch",
    "invalid object",
    "did not send all necessary objects",
    "unresolved deltas",
  ].join("|"),
  "i",
);
