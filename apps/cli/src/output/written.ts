import type { Writable } from "node:stream";

/** Resolves when the stream has room again; a reader that went away (`| head`) is no failure. */
export function written(stream: Writable, data: Uint8Array | string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.write(data) || signal?.aborted === true) return resolve();
    const done = (): void => {
      stream.off("drain", done);
      stream.off("close", done);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    stream.on("drain", done);
    stream.on("close", done);
    signal?.addEventListener("abort", done, { once: true });
  });
}
