import type { ApiFetch } from "./https-fetch.ts";

const MAX_HOPS = 5;
/** What a client's misdirected request is answered with: it is neither the caller's fault nor worth repeating. */
const MISDIRECTED = 421;

/**
 * Follows redirects as GitHub asks, the same request again, and only within one origin: the token must not go elsewhere, and a
 * renamed repository's API stays where it was.
 */
export function withinOrigin(fetch: ApiFetch): ApiFetch {
  return async (url, init) => {
    const { origin } = new URL(url);
    let target = url;
    for (let hop = 0; ; hop++) {
      const response = await fetch(target, init);
      const location = response.headers.get("location");
      if (location === null || ![301, 302, 307, 308].includes(response.status)) return response;
      const next = URL.parse(location, target);
      if (next === null || next.origin !== origin) return refuse(`it redirects to ${next?.origin ?? "no address"}`);
      if (hop === MAX_HOPS) return refuse("it redirects in a circle");
      target = next.href;
    }
  };
}

function refuse(message: string): Response {
  return Response.json({ message }, { status: MISDIRECTED });
}
