import { createHash } from "node:crypto";
import type { ApiFetch } from "./https-fetch.ts";

interface Known {
  etag: string;
  body: string;
  headers: [string, string][];
}

/**
 * What is asked again and again while somebody watches a pull request: the repository, the request, its branch, and the checks of a commit. Of lists
 * that say only in a header how many pages follow, an unchanged page is no word on the others.
 */
const WATCHED =
  /\/repos\/[^/]+\/[^/]+(?:|\/pulls\/\d+|\/git\/ref\/[^?]+|\/commits\/[^/?]+\/(?:check-runs|status)(?:\?.*)?)$/;
const MOST = 500;
/** One answer with hundreds of checks has some hundred kilobytes. */
const MAX_CHARS = 500_000;
const MAX_TOTAL_CHARS = 8_000_000;

/**
 * A fetch that asks with the validator of the answer before, and gives that answer again where the server says that it still holds. Such a request does
 * not count for the limit of a credential. What one credential was told is told to no other.
 */
export function withValidators(fetch: ApiFetch): ApiFetch {
  // Oldest first.
  const known = new Map<string, Known>();
  let total = 0;

  function forget(key: string): void {
    total -= known.get(key)?.body.length ?? 0;
    known.delete(key);
  }

  function keep(key: string, answer: Known): void {
    forget(key);
    if (answer.body.length > MAX_CHARS) return;
    known.set(key, answer);
    total += answer.body.length;
    for (const oldest of known.keys()) {
      if (known.size <= MOST && total <= MAX_TOTAL_CHARS) return;
      forget(oldest);
    }
  }

  return async (url, init) => {
    const { method = "GET", headers = {} } = init;
    if (method !== "GET" || !WATCHED.test(url)) return fetch(url, init);
    const key = keyOf(url, headers);
    const before = known.get(key);
    const asked = before === undefined ? init : { ...init, headers: { ...headers, "if-none-match": before.etag } };
    const answer = await fetch(url, asked);
    if (answer.status === 304 && before !== undefined) {
      // Limits are told anew with each answer.
      const now = new Map([...before.headers, ...answer.headers]);
      keep(key, before);
      return answered(url, before.body, [...now]);
    }
    const etag = answer.headers.get("etag");
    if (answer.status !== 200 || etag === null) {
      forget(key);
      return answer;
    }
    const body = await answer.text();
    keep(key, { etag, body, headers: [...answer.headers] });
    return answered(url, body, [...answer.headers]);
  };
}

function answered(url: string, body: string, headers: [string, string][]): Response {
  return Object.defineProperty(new Response(body, { status: 200, headers }), "url", { value: url });
}

/** Without the secret itself, which nothing here has to hold. */
function keyOf(url: string, { authorization = "", accept = "" }: Record<string, string>): string {
  return `${createHash("sha256").update(authorization).digest("base64")} ${accept} ${url}`;
}
