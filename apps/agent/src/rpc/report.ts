import { randomBytes } from "node:crypto";
import type { Log, WorkspaceId, WsError } from "@ws/workspace-core";
import type { Redactor } from "../log/redact.ts";
import { toWireError, type WireError } from "./wire-errors.ts";

/** A failure, of a workspace where it is known, as clients may see it; what they do not see goes to the log, under a number that they do see. */
export type Report = (error: WsError, about?: WorkspaceId) => WireError;

export function createReport({
  log,
  redactor,
}: {
  log: Log;
  redactor: Pick<Redactor, "clean" | "cleanLeaves">;
}): Report {
  /** Several may meet the same failure, such as all who look at one terminal; it is one incident. */
  const incidents = new WeakMap<WsError, string>();
  return (error, about) => {
    let incident = incidents.get(error);
    if (incident === undefined) {
      incident = `incident-${randomBytes(4).toString("hex")}`;
      incidents.set(error, incident);
      if (error.code === "internal") log.error("unexpected failure", { incident, error });
    }
    return toWireError(error, incident, {
      clean: (text) => redactor.clean(text, about),
      cleanLeaves: (value) => redactor.cleanLeaves(value, about),
    });
  };
}
