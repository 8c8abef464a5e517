import { createByteQueue, type ByteChannel } from "@ws/workspace-core";

/** A connection to what says back all that it is told, after a greeting. */
export function echoChannel(greeting = ""): ByteChannel {
  const queue = createByteQueue();
  if (greeting !== "") queue.push(Buffer.from(greeting));
  return {
    readable: queue.source,
    async write(bytes) {
      queue.push(bytes);
    },
    end: async () => queue.end(),
    destroy: queue.end,
  };
}
