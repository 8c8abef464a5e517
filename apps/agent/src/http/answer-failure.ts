import type { ServerResponse } from "node:http";
import { wireErrors } from "@ws/rpc-contract";
import type { WireError } from "../rpc/wire-errors.ts";

/** What a procedure would have told of a failure, as the answer of a route that is none. */
export function answerFailure(response: ServerResponse, { code, message, data }: WireError): void {
  const { status } = wireErrors[code];
  const body = JSON.stringify({ defined: true, code, status, message, data });
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
  });
  // Of what was only asked for its head nothing more is sent.
  response.end(body);
}
