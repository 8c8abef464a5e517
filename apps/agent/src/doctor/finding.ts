import type { DoctorCheck } from "@ws/rpc-contract";

/** What a check found: one sentence, and where something is to be done, what. */
export type Finding = Pick<DoctorCheck, "status" | "message" | "next">;

/** A check under its stable id; one that has nothing to look at here finds nothing, and is left out. */
export type Check = [id: string, title: string, check: () => Promise<Finding | undefined> | Finding | undefined];

export function fine(message: string): Finding {
  return { status: "ok", message };
}
