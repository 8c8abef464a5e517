import type { Writable } from "node:stream";

import type { Bytes } from "@ws/workspace-core";

import type { Ending } from "./ending.ts";

/** Resolves to true when the stream took the bytes, to false when it takes no more. A channel that closes never calls back. */
export async function writeTo(stream: Writable, bytes: Bytes, ending: Ending): Promise<boolean> {
  if (ending.isOver || !stream.writable) return false;
  const taken = new Promise<boolean>((resolve) => {
    stream.write(bytes, (error) => resolve(error === null || error === undefined));
  });
  const outcome = await ending.until(taken);
  return outcome !== "ended" && outcome.value;
}
