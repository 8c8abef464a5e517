import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";

import type { ByteSource, Bytes } from "@ws/workspace-core";
import { extract, pack } from "tar-stream";

/**
 * A context whose Dockerfile is the very one that was judged, whatever the tar has in its place: git writes a file into a tar as the
 * repository's own attributes say, which can make other instructions of the same bytes (`working-tree-encoding`).
 */
export function judgedContext(tar: ByteSource, { path, content }: { path: string; content: Bytes }): Readable {
  const made = pack();
  const found = extract();
  const reading = pipeline(Readable.from(tar), found);
  const writing = (async () => {
    let isThere = false;
    for await (const entry of found) {
      if (entry.header.name === path) {
        isThere = true;
        entry.resume();
        made.entry({ name: path, mode: 0o644, mtime: new Date(0) }, Buffer.from(content));
      } else await pipeline(entry, made.entry(entry.header));
    }
    if (!isThere) made.entry({ name: path, mode: 0o644, mtime: new Date(0) }, Buffer.from(content));
    await reading;
    made.finalize();
  })();
  // What breaks the one breaks the other: an engine must not take half of it for the whole.
  for (const part of [reading, writing]) part.catch((error: Error) => made.destroy(error));
  return made as unknown as Readable;
}
