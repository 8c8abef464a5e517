import { WsError } from "../errors.ts";
import type { Bytes, ByteSource } from "../bytes.ts";
import { throwIfMissing } from "./answers.ts";
import { parseOffset } from "../terminals/parse-states.ts";
import { concatBytes } from "../bytes.ts";

/** Longer than any line before a piece. */
const LONGEST_LINE = 64;

/**
 * The pieces that a follower of a run says: a line with offset and length, then the bytes. Throws `internal` where they end before the follower
 * says that the run did, and for what none of ours says. `undefined` where it says that there is no such run.
 */
export async function* piecesOf(
  source: ByteSource,
  from: number,
): AsyncGenerator<{ offset: number; bytes: Bytes } | undefined, void> {
  let line: Bytes = new Uint8Array();
  let offset = from;
  let missing = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length;) {
      if (missing > 0) {
        const bytes = chunk.subarray(at, at + missing);
        yield { offset, bytes };
        offset += bytes.length;
        missing -= bytes.length;
        at += bytes.length;
        continue;
      }
      const end = chunk.indexOf(10, at);
      const part = chunk.subarray(at, end === -1 ? chunk.length : end);
      line = concatBytes([line, part]);
      if (line.length > LONGEST_LINE) throw cut();
      if (end === -1) break;
      at = end + 1;
      const said = new TextDecoder().decode(line);
      line = new Uint8Array();
      if (said === "end") return;
      if (said === "none") return yield undefined;
      throwIfMissing(said);
      const [next, length] = said.split(" ", 3).map(parseOffset);
      if (next === undefined || length === undefined || next < offset) throw cut();
      offset = next;
      missing = length;
    }
  }
  throw cut();
}

function cut(): WsError<"internal"> {
  return new WsError("internal", {
    message: "The reader of a run's output was ended in the workspace.",
    next: "Read again from the last offset.",
    data: {},
  });
}
