import { wireErrors } from "@ws/rpc-contract";
import type { WsError } from "@ws/workspace-core";
import { WIRE_CODES } from "../rpc/wire-errors.ts";
import type { Refusal } from "./refusal.ts";

/** A domain error as an answer that is given before any procedure is reached. */
export function wireRefusal({ code, message, next }: WsError): Refusal {
  const wire = WIRE_CODES[code];
  const { status } = wireErrors[wire];
  return { status, wire, code, message, ...(next === undefined ? {} : { next }) };
}
