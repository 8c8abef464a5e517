import type { IncomingMessage } from "node:http";
import { FLUSH, MalformedPush, pktLine, readPktLines } from "../protocol/pkt-line.ts";
import { RouteRefused } from "../protocol/routes.ts";

/** Far more than a service line and one ref with its capabilities take. */
const MAX_HEAD_BYTES = 262_144;

/**
 * What a forge offers a pusher, changed so that packs come whole (their deltas' bases in them, which the worker may not
 * have) and neither signed nor with options, which it could not judge. Throws `RouteRefused` for what is no advertisement.
 */
export async function plainPushes(answer: IncomingMessage): Promise<AsyncIterable<Buffer>> {
  const reader = readPktLines(answer[Symbol.asyncIterator]() as AsyncIterator<Buffer>, MAX_HEAD_BYTES);
  try {
    const service = await reader.line();
    const flush = await reader.line();
    const first = await reader.line();
    const nul = first?.indexOf(0) ?? -1;
    if (service === undefined || flush !== undefined || first === undefined || nul === -1) {
      throw new MalformedPush("no refs");
    }
    const kept = first
      .subarray(nul + 1)
      .toString("latin1")
      .trim()
      .split(" ")
      .filter((capability) => !/^(?:push-cert|push-options|no-thin)(?:=|$)/.test(capability));
    const capabilities = Buffer.from(`${[...kept, "no-thin"].join(" ")}\n`, "latin1");
    const head = [pktLine(service), FLUSH, pktLine(Buffer.concat([first.subarray(0, nul + 1), capabilities]))];
    return (async function* () {
      yield Buffer.concat(head);
      yield* reader.rest();
    })();
  } catch (error) {
    answer.destroy();
    if (!(error instanceof MalformedPush)) throw error;
    throw new RouteRefused(502, "Workspace cannot push there: what the server answered is not git's.");
  }
}
