import { timingSafeEqual } from "node:crypto";

/** Whether what was shown is the secret, in a time that does not tell how much of it is. */
export function isSame(shown: string, secret: string): boolean {
  const [a, b] = [Buffer.from(shown), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
