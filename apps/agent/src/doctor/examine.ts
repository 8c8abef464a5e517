import type { DoctorCheck } from "@ws/rpc-contract";
import { isWsError } from "@ws/workspace-core";
import type { Check } from "./finding.ts";

/** What all of these found, in their order; a check that itself fails is a failed check. */
export async function examine(checks: readonly Check[]): Promise<DoctorCheck[]> {
  const found = await Promise.all(
    checks.map(async ([id, title, check]): Promise<DoctorCheck | undefined> => {
      try {
        const finding = await check();
        return finding === undefined ? undefined : { id, title, ...finding };
      } catch (error) {
        const { message } = error as Error;
        const next = isWsError(error) ? error.next : undefined;
        return { id, title, status: "fail" as const, message, ...(next === undefined ? {} : { next }) };
      }
    }),
  );
  return found.filter((check) => check !== undefined);
}
