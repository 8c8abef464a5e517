import type { ByteChannel } from "@ws/workspace-core";
import type { SshChannel, SshConnection } from "./connection.ts";
import type { SshPlace } from "./place.ts";
import { join } from "./streams.ts";

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "::1"]);
/** What a client may ask to listen at; all of it is the workspace's loopback. */
const ANYWHERE: ReadonlySet<string> = new Set([...LOOPBACK, "", "*", "0.0.0.0", "::"]);
const MOST_LISTENERS = 50;

interface Bound {
  bindAddr: string;
  bindPort: number;
}

/** Leads connections both ways: to ports of the workspace's loopback, and from ports of it that the client asks for. */
export function serveForwarding({ client, isCrowded, take }: SshConnection, place: SshPlace): void {
  const listeners = new Map<string, AsyncDisposable>();
  let opening = 0;
  let isOver = false;

  client.on("tcpip", (accept, reject, { destIP, destPort }) => {
    // Where the workspace itself may go is not for this way in to say.
    if (!LOOPBACK.has(destIP) || isCrowded()) return reject();
    place
      .connect(destPort)
      .then(
        (bytes) => carry(isOver ? undefined : take(accept()), bytes),
        () => reject(),
      )
      // It can leave at any moment.
      .catch(() => undefined);
  });

  client.on("request", (accept, reject, name, { bindAddr, bindPort }) => {
    // The types know fewer than come.
    const kind: string = name;
    // Of a request that wants no reply there is neither.
    const refuse = (): void => reject?.();
    if (kind === "tcpip-forward") {
      return void listen({ bindAddr, bindPort })
        .then((port) => accept?.(port))
        .catch(refuse);
    }
    if (kind === "cancel-tcpip-forward") {
      return void cancel({ bindAddr, bindPort })
        .then(() => accept?.())
        .catch(refuse);
    }
    refuse();
  });

  client.on("close", () => {
    isOver = true;
    // The workspace may be gone by now, and its listeners with it.
    void Promise.allSettled([...listeners.values()].map(async (listener) => listener[Symbol.asyncDispose]()));
    listeners.clear();
  });

  async function listen({ bindAddr, bindPort }: Bound): Promise<number> {
    if (!ANYWHERE.has(bindAddr) || listeners.size + opening >= MOST_LISTENERS) throw new Error("not here");
    opening += 1;
    try {
      return await open({ bindAddr, bindPort });
    } finally {
      opening -= 1;
    }
  }

  async function open({ bindAddr, bindPort }: Bound): Promise<number> {
    const way = await place.enter();
    const bound: { port: number } = { port: bindPort };
    const lead = (bytes: ByteChannel): void => {
      if (isCrowded()) return bytes.destroy();
      client.forwardOut(bindAddr, bound.port, "127.0.0.1", 0, (error, channel) =>
        carry(error === undefined ? take(channel) : undefined, bytes),
      );
    };
    const listener = await way.listen(lead, bindPort === 0 ? {} : { port: bindPort });
    bound.port = listener.port;
    if (isOver) await listener[Symbol.asyncDispose]();
    else listeners.set(keyOf({ bindAddr, bindPort: bound.port }), listener);
    return bound.port;
  }

  async function cancel(bound: Bound): Promise<void> {
    const listener = listeners.get(keyOf(bound));
    listeners.delete(keyOf(bound));
    await listener?.[Symbol.asyncDispose]();
  }
}

function carry(opened: SshChannel | undefined, bytes: ByteChannel): void {
  if (opened === undefined) return bytes.destroy();
  join(opened, bytes).catch(() => undefined);
}

function keyOf({ bindAddr, bindPort }: Bound): string {
  return `${bindAddr} ${bindPort}`;
}
