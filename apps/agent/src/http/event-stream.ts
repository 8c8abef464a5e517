import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { toORPCError } from "@orpc/client";
import { encodeEventMessage, ErrorEvent, getEventMeta } from "@orpc/standard-server";
import type { Clock } from "@ws/workspace-core";
import type { Published } from "../rpc/published.ts";

/** Sends what an iterator gives as server-sent events, with heartbeats between; resolves once it is over or the client has left. */
export type SendEvents = (
  response: ServerResponse,
  events: AsyncIterator<unknown, unknown>,
  /** Where the same values come from sooner: they are read there, and from `events` how the stream ends. */
  published?: Pick<Published<object>, "value">,
) => Promise<void>;

/** A client takes nine silent seconds for a dead network. */
const HEARTBEAT_MS = 3_000;
const HEARTBEAT = Buffer.from(encodeEventMessage({ comments: [""] }));

/**
 * Speaks as the streams of oRPC do, and writes straight to the connection: three streams in a row, a timer for each event and a text of
 * each event for each client are dear where a thousand clients listen. What a client does not read is not asked for.
 */
export function createSendEvents(options: {
  clock: Pick<Clock, "sleep">;
  /** What goes over the wire for a value; as it is where absent. */
  serialize?: (value: unknown) => unknown;
}): SendEvents {
  const { clock, serialize = (value) => value } = options;
  /** By the value, which is one for all clients where it was made for all. */
  const messages = new WeakMap<object, Buffer>();

  function message(value: unknown): Buffer {
    if (typeof value !== "object" || value === null) return encode("message", value);
    const known = messages.get(value) ?? encode("message", value);
    messages.set(value, known);
    return known;
  }

  function encode(event: "message" | "done", value: unknown): Buffer {
    return Buffer.from(encodeEventMessage({ ...getEventMeta(value), event, data: JSON.stringify(serialize(value)) }));
  }

  function encodeFailure(error: unknown): Buffer {
    const data = error instanceof ErrorEvent ? error.data : serialize(toORPCError(error).toJSON());
    return Buffer.from(encodeEventMessage({ ...getEventMeta(error), event: "error", data: JSON.stringify(data) }));
  }

  return async (response, events, published) => {
    const left = new AbortController();
    const closed = new Promise<void>((resolve) => {
      if (response.closed) resolve();
      else response.once("close", resolve);
    });
    // Whatever becomes of the connection, it is closed then.
    response.on("error", () => undefined);
    response.write(HEARTBEAT);
    void send();
    void beat();
    await closed;
    left.abort();
    // What a stream says that nobody reads any more is said to nobody.
    await events.return?.().catch(() => undefined);

    async function send(): Promise<void> {
      try {
        for (;;) {
          const early = await published?.value();
          if (left.signal.aborted) return;
          if (early !== undefined) {
            if (!response.write(message(early))) await once(response, "drain", { signal: left.signal });
            continue;
          }
          const { done, value } = await events.next();
          if (left.signal.aborted) return;
          if (done === true) return void response.end(value === undefined ? undefined : encode("done", value));
          if (!response.write(message(value))) await once(response, "drain", { signal: left.signal });
        }
      } catch (error) {
        if (!left.signal.aborted) response.end(encodeFailure(error));
      }
    }

    /** Also where there are events: a timer that each of them puts off costs more. */
    async function beat(): Promise<void> {
      while (!left.signal.aborted) {
        await clock.sleep(HEARTBEAT_MS, left.signal).catch(() => undefined);
        if (response.writable && !response.writableNeedDrain) response.write(HEARTBEAT);
      }
    }
  };
}
