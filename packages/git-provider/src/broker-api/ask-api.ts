import { type CredentialSource, type Grant, tokenOf, type TokenSecret } from "@ws/workspace-core";
import { scrub } from "../broker/forge/scrub.ts";
import type { ApiFetch } from "../forges/github/https-fetch.ts";
import { ApiRefused } from "./refused.ts";

export interface Asked {
  method: string;
  url: string;
  body?: string;
  accept?: string;
}

export interface Said {
  status: number;
  /** Without what is the worker's. */
  text: string;
  type: string;
}

/** Asks the forge with a grant's credential; where that is refused, once more with another. */
export type AskApi = (grant: Grant, asked: Asked, signal: AbortSignal) => Promise<Said>;

export function createAskApi(options: { credentials: CredentialSource; fetch: ApiFetch; host: string }): AskApi {
  const { credentials, fetch, host } = options;

  async function once({ method, url, body, accept }: Asked, secret: TokenSecret, signal: AbortSignal): Promise<Said> {
    const headers = {
      authorization: `token ${secret.password}`,
      "user-agent": "workspace",
      ...(accept === undefined ? {} : { accept }),
      ...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
    };
    const found = await fetch(url, { method, headers, signal, ...(body === undefined ? {} : { body }) });
    const type = found.headers.get("content-type") ?? "application/json";
    return { status: found.status, text: withoutTokens(scrub(await found.text(), secret), type), type };
  }

  return async (grant, asked, signal) => {
    const first = tokenOf(await credentials.secret(grant, { purpose: "api", signal }));
    const found = await once(asked, first, signal);
    if (found.status !== 401) return found;
    const second = tokenOf(await credentials.secret(grant, { purpose: "api", signal, refused: first.password }));
    const again = second.password === first.password ? found : await once(asked, second, signal);
    if (again.status !== 401) return again;
    throw new ApiRefused(
      403,
      `Workspace cannot log in: the credential ${first.id} was refused by ${host}. Set a working one on the worker: 'ws credential set'.`,
    );
  };
}

/** A private repository's description holds a token with which it can be cloned. */
function withoutTokens(text: string, type: string): string {
  if (!type.includes("json") || !text.includes("oken")) return text;
  try {
    return JSON.stringify(JSON.parse(text, (key, value: unknown) => (/token$/i.test(key) ? undefined : value)));
  } catch {
    throw new ApiRefused(502, "The forge answered with what is no JSON.");
  }
}
