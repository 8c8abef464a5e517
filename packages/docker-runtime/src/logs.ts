import type { Bytes, ByteSource } from "@ws/workspace-core";

import type { Engine } from "./engine.ts";

/** What a container printed, both outputs in the order of writing. */
export async function* containerLogs(
  engine: Engine,
  container: string,
  options: { tail?: number; follow?: boolean; signal?: AbortSignal },
): ByteSource {
  const { tail, follow = false, signal } = options;
  const query = { stdout: true, stderr: true, ...(tail !== undefined && { tail }) };
  const body = follow
    ? engine.stream((docker) => docker.getContainer(container).logs({ ...query, follow: true }), signal)
    : whole(await engine.call((docker) => docker.getContainer(container).logs({ ...query, follow: false }), signal));
  yield* withoutFrames(body);
}

/**
 * The engine puts eight bytes before each piece: one for the output's number, three empty, four for the length.
 * Pieces and chunks need not coincide.
 */
export async function* withoutFrames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Bytes> {
  let rest: Buffer = Buffer.alloc(0);
  let wanted = 0;
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      if (wanted === 0) {
        if (rest.length < HEADER) break;
        wanted = rest.readUInt32BE(4);
        rest = rest.subarray(HEADER);
        continue;
      }
      if (rest.length === 0) break;
      const piece = rest.subarray(0, wanted);
      wanted -= piece.length;
      rest = rest.subarray(piece.length);
      yield piece;
    }
  }
}

async function* whole(body: Buffer): AsyncGenerator<Buffer> {
  // An empty answer is not a Buffer, whatever the client's types say.
  if (Buffer.isBuffer(body)) yield body;
}

const HEADER = 8;
