import { WsError } from "../errors.ts";
import type { TaskRecords } from "./task-records.ts";

/** More would only be forgotten there. */
const MOST_LIVE = 10_000;
/** All that waits is read at once when the agent starts, and whenever somebody begins to watch. */
const MOST_TEXT = 128 * 1024 * 1024;

/** Throws `too_many_requests` where the queue takes no further task. */
export function requireRoom({ live, text }: Pick<TaskRecords, "live" | "text">): void {
  if (live.size >= MOST_LIVE) throw full(`${MOST_LIVE} tasks wait already`);
  if (text() >= MOST_TEXT)
    throw full(`The tasks that wait hold ${MOST_TEXT / 1024 / 1024} MiB of prompts, code and input already`);
}

function full(why: string): WsError<"too_many_requests"> {
  return new WsError("too_many_requests", {
    message: `${why}.`,
    next: "Go on once some of them are over, or cancel some: ws task list.",
    data: { retryAfterSeconds: 60 },
  });
}
