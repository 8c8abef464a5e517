import type { SecureContext } from "node:tls";
import { trust } from "../broker/forge/upstream.ts";
import { type ApiFetch, createHttpsFetch } from "./github/https-fetch.ts";

/** A fetch for the API of a forge whose authority, as PEM, only this worker is told of. Follows no redirect. */
export function createForgeFetch(ca: readonly string[]): ApiFetch {
  let context: SecureContext | undefined;
  return createHttpsFetch({ secureContext: () => (context ??= trust(ca)), idleMs: 30_000 });
}
