const DAY_MS = 86_400_000;
const SOON_DAYS = 7;

export interface Expiry {
  tone: "plain" | "warn" | "bad";
  text: string;
}

/** When something ends or has ended, in words; `expires` is ISO 8601. What ends within a week is worth a warning. */
export function expiryOf(expires: string, now: number): Expiry {
  const left = Date.parse(expires) - now;
  if (left <= 0) return { tone: "bad", text: "Expired" };
  const days = Math.floor(left / DAY_MS);
  if (days > SOON_DAYS) return { tone: "plain", text: `Expires in ${days} days` };
  if (days > 1) return { tone: "warn", text: `Expires in ${days} days` };
  if (days === 1) return { tone: "warn", text: "Expires in a day" };
  return { tone: "warn", text: "Expires within a day" };
}
