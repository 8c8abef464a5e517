import type { Config } from "../config/config.ts";
import type { Exposed } from "../listening/exposure.ts";
import type { State } from "../store/store.ts";
import { SHORT_MS, type Ending } from "./expiry-check.ts";

/** What of the worker's own ends by itself some day. */
export function endingsOf({
  config,
  state,
  exposure,
}: {
  config: Pick<Config, "secrets">;
  state: Pick<State, "tokens">;
  exposure: readonly Exposed[];
}): Ending[] {
  // A device's begins anew with each use.
  const tokens = state.tokens.list().flatMap(({ name, device, createdAt, expiresAt }) => {
    if (device !== undefined || expiresAt === undefined) return [];
    const isShort = expiresAt - createdAt <= SHORT_MS;
    return [{ what: `the token '${name}'`, at: expiresAt, isShort, next: "Make another one: ws token create NAME." }];
  });
  const credentials = config.secrets.forges().flatMap(({ name, expiresAt, refusedAt, refresh }) => {
    const credential = { what: `the credential '${name}'`, next: `Give a new one: ws credential set ${name}.` };
    if (refusedAt !== undefined) return [{ ...credential, at: refusedAt, over: "was refused by its forge" }];
    // What is renewed in time ends with what renews it.
    const at = refresh === undefined ? expiresAt : refresh.expiresAt;
    return at === undefined ? [] : [{ ...credential, at }];
  });
  const certificates = exposure.flatMap(({ certificateEnds: at }) =>
    at === undefined
      ? []
      : [
          {
            what: "the certificate of TLS",
            at,
            next: "Start the agent again, once yours is renewed; its own it renews then.",
          },
        ],
  );
  return [...tokens, ...credentials, ...certificates];
}
