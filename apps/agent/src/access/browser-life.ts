/** A browser that came in by a one-time link, and is not used for this long, signs in again. */
export const SIGNED_IN_IDLE_MS = 12 * 3_600_000;
/** One that was paired, or is to be told what waits: it outlasts nights and holidays. A command line stays until it is revoked. */
export const PAIRED_IDLE_MS = 30 * 86_400_000;
