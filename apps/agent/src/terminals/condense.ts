/**
 * Of output that is too much to be looked at: only what changes modes. The screen it leaves is wrong until that much
 * again was printed, but the modes are right.
 */
export function condense(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  // CAN ends a sequence that was cut off before.
  return Buffer.from(`\u0018${(text.match(MODE) ?? []).join("")}\u0018`, "latin1");
}

// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const MODE = /\x1b(?:\[[?>=<!]?[\d;]*(?:[hlru]|!p| q)|\[!p|[=>c]|\([0AB]|\][02];[^\x07\x1b]{0,256}(?:\x07|\x1b\\))/g;
