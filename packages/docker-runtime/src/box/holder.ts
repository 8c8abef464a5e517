import type { Clock } from "@ws/workspace-core";

import type { BoxContainer } from "./container.ts";
import { demultiplex } from "./demux.ts";
import { type Identity, readIdentity } from "./identity.ts";
import { asInput, HOLDER_SCRIPT, READ_AND_RUN } from "./scripts.ts";

/** One exec that lives as long as its Box and so tells when the container or the engine goes. */
export async function openHolder(options: {
  container: BoxContainer;
  clock: Clock;
  signal: AbortSignal;
}): Promise<{ identity: Identity; closed: Promise<Error>; close(): void }> {
  const { container, clock, signal } = options;
  const exec = await container.exec(["/bin/sh", "-c", READ_AND_RUN], { signal });
  let stderr = "";
  const stream = demultiplex(exec.stream, (bytes) => {
    stderr = (stderr + bytes.toString("utf8")).slice(-2_000);
  });
  try {
    stream.write(asInput(HOLDER_SCRIPT));
    const identity = await readIdentity(stream);
    const closed = Promise.withResolvers<Error>();
    const stop = new AbortController();
    stream.on("close", () => {
      stop.abort();
      closed.resolve(new Error("the connection ended"));
    });
    keepAlive(stream, clock, stop.signal);
    return { identity, closed: closed.promise, close: () => void stream.destroy() };
  } catch (error) {
    stream.destroy();
    throw stderr.trim() === "" ? error : new Error(stderr.trim(), { cause: error });
  }
}

const KEEPALIVE_MS = 2_000;

/** A line that is not answered before the next is due means a black hole. */
function keepAlive(stream: ReturnType<typeof demultiplex>, clock: Clock, signal: AbortSignal): void {
  let answered = true;
  stream.on("data", () => {
    answered = true;
  });
  stream.on("end", () => stream.destroy());
  const beat = async (): Promise<void> => {
    for (;;) {
      if (!answered) return void stream.destroy();
      answered = false;
      stream.write("\n");
      await clock.sleep(KEEPALIVE_MS, signal);
    }
  };
  beat().catch(() => undefined);
}
