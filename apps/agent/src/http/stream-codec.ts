import type { AnyProcedure } from "@orpc/server";
import { StandardRPCCodec } from "@orpc/server/standard";

/** Leaves streams as they are for `SendEvents`, which serializes an event once for all who are told it. */
export class StreamCodec extends StandardRPCCodec {
  override encode(output: unknown, procedure: AnyProcedure): ReturnType<StandardRPCCodec["encode"]> {
    return isIterator(output) ? { status: 200, headers: {}, body: output } : super.encode(output, procedure);
  }
}

export function isIterator(body: unknown): body is AsyncIteratorObject<unknown> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body && "next" in body;
}
