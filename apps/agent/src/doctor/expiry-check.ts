import { fine, type Finding } from "./finding.ts";

const DAY_MS = 86_400_000;
/** Who has this long left can do something about it before it is over. */
const SOON_MS = 14 * DAY_MS;
/** What is made for no longer is short: it would be told from its beginning on, or soon after. */
export const SHORT_MS = 2 * SOON_MS;

/** Something that holds until some instant. */
export interface Ending {
  /** As it is called in a sentence, such as "the token 'ci'". */
  what: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** Whether it was made for a short time, so that its end is no news. */
  isShort?: boolean;
  /** What is said of it once it is over: that it has ended, where absent. */
  over?: string;
  next: string;
}

/** What has ended, or ends soon, the first first. */
export function checkExpiry(endings: readonly Ending[], now: number): Finding {
  const near = endings.filter(({ at, isShort }) => at - now < SOON_MS && isShort !== true).sort((a, b) => a.at - b.at);
  const [first] = near;
  if (first === undefined) {
    return fine("No certificate, no credential, and no token made for more than four weeks ends within two.");
  }
  const said = near.map(({ what, at, over = "has ended" }) => `${what} ${at <= now ? over : "ends"} on ${day(at)}`);
  const shown = said.length > 3 ? [...said.slice(0, 3), `${said.length - 3} more`] : said;
  const message = `${shown.join("; ")}.`;
  return {
    status: first.at <= now ? "fail" : "warn",
    message: `${message.slice(0, 1).toUpperCase()}${message.slice(1)}`,
    next: first.next,
  };
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
