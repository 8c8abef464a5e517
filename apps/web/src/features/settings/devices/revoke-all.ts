import { toProblem, type Problem } from "../../../problem.ts";

/** Ends each, and all that can be ended also where one cannot; what is gone already is success. Resolves to what was in the way. */
export async function revokeAll<T extends { name: string }>(
  those: readonly T[],
  revoke: (one: T) => Promise<unknown>,
): Promise<Problem | undefined> {
  const left: { name: string; problem: Problem }[] = [];
  for (const one of those) {
    try {
      // One after the other: the worker closes what each has open before it answers.
      // oxlint-disable-next-line no-await-in-loop
      await revoke(one);
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code !== "device_not_found") left.push({ name: one.name, problem });
    }
  }
  const [first] = left;
  if (first === undefined) return undefined;
  if (those.length === 1) return first.problem;
  const names = left.map(({ name }) => `'${name}'`).join(", ");
  return { ...first.problem, message: `Still let in: ${names}. ${first.problem.message}` };
}
