import type { Clock } from "@ws/workspace-core";
import type { Redactor } from "../log/redact.ts";

/** What is still said of a token that has ended. */
const LAST_WORDS_MS = 60 * 60_000;
/** Forgetting looks at every secret, so that it is done for many at once. */
const TOGETHER = 50;

/** Keeps secrets out of logs; those that end, made anew each hour for each workspace, until they are over. */
export function createLearning(
  redactor: Pick<Redactor, "add" | "forget">,
  clock: Pick<Clock, "now">,
): (secret: string, expiresAt?: number) => void {
  let passing: { secret: string; until: number }[] = [];
  return (secret, expiresAt) => {
    redactor.add(secret);
    if (expiresAt === undefined) return;
    passing.push({ secret, until: expiresAt + LAST_WORDS_MS });
    const over = passing.filter(({ until }) => until < clock.now());
    if (over.length < TOGETHER) return;
    passing = passing.filter((one) => !over.includes(one));
    redactor.forget(over.map((one) => one.secret));
  };
}
