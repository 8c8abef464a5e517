import type { CredentialSource } from "./credentials.ts";
import { WsError } from "./errors.ts";

/** Of a worker that has none: public repositories need none. */
export const NO_CREDENTIALS: CredentialSource = {
  grant: () => Promise.resolve(undefined),
  find: () => undefined,
  secret: ({ url }) =>
    Promise.reject(
      new WsError("credential_missing", {
        message: `There is no credential for '${url}'.`,
        next: "Give the worker one with 'ws login github' or 'ws credential set'.",
        data: { host: url },
      }),
    ),
  revoke: () => Promise.resolve([]),
  withhold: () => Promise.resolve(),
  list: () => [],
};
