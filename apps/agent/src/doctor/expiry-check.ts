import { fine, type Finding } from "./finding.ts";

const DAY_MS = 86_400_000;
/** Who has this long left can do something about it before it is over. */
const SOON_MS = 14 * DAY_MS;

/** Something that holds until some instant. */
export interface Ending {
  /** As it is called in a sentence, such as "the token 'ci'". */
  what: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** When it began; what was made for a short time only is not news when it ends. Absent where that is not known. */
  since?: number;
  next: string;
}

/** What has ended, or ends soon, the first first. */
export function checkExpiry(endings: readonly Ending[], now: number): Finding {
  const isShort = ({ at, since }: Ending): boolean => since !== undefined && at - since <= 2 * SOON_MS;
  const near = endings.filter((each) => each.at - now < SOON_MS && !isShort(each)).sort((a, b) => a.at - b.at);
  const [first] = near;
  if (first === undefined) return fine("No token, certificate or credential ends within two weeks.");
  const said = near.map(({ what, at }) => `${what} ${at <= now ? "has ended" : "ends"} on ${day(at)}`);
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
