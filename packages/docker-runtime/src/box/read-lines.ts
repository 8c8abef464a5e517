import type { Readable } from "node:stream";

/** The first `count` lines of a stream; what follows them stays in it. */
export function readLines(stream: Readable, count: number): Promise<string[]> {
  const result = Promise.withResolvers<string[]>();
  let seen = Buffer.alloc(0);

  function onReadable(): void {
    for (let chunk = stream.read() as Buffer | null; chunk !== null; chunk = stream.read() as Buffer | null) {
      seen = Buffer.concat([seen, chunk]);
      const lines = seen.toString("utf8").split("\n");
      if (lines.length <= count) continue;
      const rest = seen.subarray(Buffer.byteLength(`${lines.slice(0, count).join("\n")}\n`));
      stop();
      if (rest.length > 0) stream.unshift(rest);
      result.resolve(lines.slice(0, count));
      return;
    }
  }
  function onEnd(): void {
    stop();
    result.reject(new Error("the stream ended early"));
  }
  function onError(error: Error): void {
    stop();
    result.reject(error);
  }
  function stop(): void {
    stream.off("readable", onReadable).off("end", onEnd).off("close", onEnd).off("error", onError);
  }
  stream.on("readable", onReadable).on("end", onEnd).on("close", onEnd).on("error", onError);
  return result.promise;
}
