import type { DoctorCheck } from "@ws/rpc-contract";

const ORDER: readonly DoctorCheck["status"][] = ["fail", "warn", "ok"];

/** What does not work stands above what does; otherwise as the worker tells it. */
export function worstFirst(checks: readonly DoctorCheck[]): DoctorCheck[] {
  return checks.toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
}
