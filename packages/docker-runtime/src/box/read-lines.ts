import type { Readable } from "node:stream";

/** Seven lines are asked for at most, of which a path is the longest. */
const LONGEST = 32 * 1024;

/** The first `count` lines of a stream; what follows them stays in it. Rejects where they are longer than any that we print. */
export function readLines(stream: Readable, count: number): Promise<string[]> {
  const result = Promise.withResolvers<string[]>();
  let seen = Buffer.alloc(0);

  function onReadable(): void {
    for (let chunk = stream.read() as Buffer | null; chunk !== null; chunk = stream.read() as Buffer | null) {
      seen = Buffer.concat([seen, chunk]);
      const lines = seen.toString("utf8").split("\n");
      if (lines.length <= count) {
        if (seen.length > LONGEST) return fail(new Error(`it said more than ${LONGEST} bytes instead of where it is`));
        continue;
      }
      const rest = seen.subarray(Buffer.byteLength(`${lines.slice(0, count).join("\n")}\n`));
      stop();
      if (rest.length > 0) stream.unshift(rest);
      result.resolve(lines.slice(0, count));
      return;
    }
  }
  function onEnd(): void {
    fail(new Error("the stream ended early"));
  }
  function fail(error: Error): void {
    stop();
    result.reject(error);
  }
  function stop(): void {
    stream.off("readable", onReadable).off("end", onEnd).off("close", onEnd).off("error", fail);
  }
  stream.on("readable", onReadable).on("end", onEnd).on("close", onEnd).on("error", fail);
  return result.promise;
}
