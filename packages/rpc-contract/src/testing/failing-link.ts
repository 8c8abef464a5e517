import type { Connection } from "../connection/connection.ts";

/** Adds a link that fails while it is being opened, each time; returns how often it was tried. */
export function addFailingLink(connection: Connection): () => number {
  let tries = 0;
  connection.link({
    open(attempt) {
      tries += 1;
      attempt.lost({ cause: "unreachable" });
      return () => undefined;
    },
  });
  return () => tries;
}
