import { Duplex } from "node:stream";

/** Reads the engine's frames (one byte of kind, three of nothing, four of length) from chunks cut anywhere. */
export function createFrameParser(
  onFrame: (kind: "stdout" | "stderr", bytes: Buffer) => void,
): (chunk: Buffer) => void {
  let head: Buffer = Buffer.alloc(0);
  let kind: "stdout" | "stderr" = "stdout";
  let left = 0;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        const taken = chunk.subarray(at, at + HEADER - head.length);
        head = head.length === 0 ? taken : Buffer.concat([head, taken]);
        at += taken.length;
        if (head.length < HEADER) {
          // The chunk's memory is the socket's to reuse.
          head = Buffer.from(head);
          return;
        }
        kind = head[0] === 2 ? "stderr" : "stdout";
        left = head.readUInt32BE(4);
        head = Buffer.alloc(0);
        continue;
      }
      const bytes = chunk.subarray(at, at + left);
      at += bytes.length;
      left -= bytes.length;
      onFrame(kind, bytes);
    }
  };
}

const HEADER = 8;

/** A program's stdin and stdout as one stream over the engine's; its stderr goes to the callback. */
export function demultiplex(raw: Duplex, onStderr: (bytes: Buffer) => void): Duplex {
  const parse = createFrameParser((kind, bytes) => {
    if (kind === "stderr") onStderr(bytes);
    else if (!stream.push(bytes)) raw.pause();
  });
  const stream = new Duplex({
    read: () => void raw.resume(),
    write: (chunk: Buffer, _encoding, done) => {
      // A lost engine may never take it; destroying the stream settles what waits.
      raw.write(chunk, (error) => done(error ?? null));
    },
    final: (done) => void raw.end(done),
    destroy: (error, done) => {
      raw.destroy();
      done(error);
    },
  });
  // Whoever waits learns it from `close`; an error nobody listens to would end the agent.
  stream.on("error", () => undefined);
  raw.on("data", parse);
  raw.on("end", () => stream.push(null));
  raw.on("error", (error) => stream.destroy(error));
  // A hijacked connection that is cut closes without an end or an error.
  raw.on("close", () => stream.destroy());
  raw.pause();
  return stream;
}
