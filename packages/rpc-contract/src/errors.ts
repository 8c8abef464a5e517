import { oc } from "@orpc/contract";
import { z } from "zod";

/** What every error carries beside its wire code: the stable domain code, the next step, and typed details. */
export const errorData = z.object({
  code: z.string().describe("Stable domain code, such as name_taken"),
  next: z.string().optional().describe("The next step, as a sentence"),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type WireErrorData = z.infer<typeof errorData>;

/** The wire codes, with their HTTP statuses. */
export const wireErrors = {
  BAD_REQUEST: { status: 400, data: errorData },
  UNAUTHORIZED: { status: 401, data: errorData },
  FORBIDDEN: { status: 403, data: errorData },
  NOT_FOUND: { status: 404, data: errorData },
  TIMEOUT: { status: 408, data: errorData },
  CONFLICT: { status: 409, data: errorData },
  PRECONDITION_FAILED: { status: 412, data: errorData },
  TOO_MANY_REQUESTS: { status: 429, data: errorData },
  INTERNAL_SERVER_ERROR: { status: 500, data: errorData },
} as const;
export type WireCode = keyof typeof wireErrors;

/** Every procedure starts here, so that each one has the same typed errors. */
export const procedure = oc.errors(wireErrors);
