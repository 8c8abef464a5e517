import { isDefinedError, safe } from "@orpc/client";

/** The wire code and the domain code of a refusal. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const { error } = await safe(call);
  if (!isDefinedError(error)) throw error ?? new Error("it was expected to be refused");
  const { code, data } = error as unknown as { code: string; data: { code: string } };
  return `${code} ${data.code}`;
}
