import { WsError } from "@ws/workspace-core";
import { Vanished } from "./entries.ts";

const TRIES = 3;

/** Does it anew where what it reads was taken away from under it, as a repack does. Throws `repository_busy` where that happens each time. */
export async function undisturbed<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Vanished)) throw error;
      if (left === 1) throw busy(error);
    }
  }
}

function busy(cause: Vanished): WsError<"repository_busy"> {
  return new WsError("repository_busy", {
    message: `The worker's files were changed under each of ${TRIES} tries: ${cause.message}.`,
    next: "Take the backup again when nobody pushes. Nothing was written.",
    data: {},
    cause,
  });
}
