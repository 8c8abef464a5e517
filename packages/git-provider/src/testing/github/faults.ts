import type { ServerResponse } from "node:http";
import type { Reply } from "./replies.ts";

/** What goes wrong at the server, each for the next request unless it says more. */
export type GitHubFault =
  /** 401, although the token is good. */
  | { kind: "unauthorized" }
  /** 403 with nothing remaining, as the primary limit says it. */
  | { kind: "limit"; forMs: number }
  /** 429 or 403 with `retry-after`, as the secondary limits say it. */
  | { kind: "secondary_limit"; status: 403 | 429; seconds: number }
  /** A 5xx without an effect. */
  | { kind: "failure"; status: 500 | 502 | 503; times: number }
  /** The connection is cut before anything happens. */
  | { kind: "cut" }
  /** No answer comes. */
  | { kind: "silent" }
  /** The next request that creates a pull request happens; then 502 is answered, or the connection is cut. */
  | { kind: "lost"; by: "502" | "cut"; /** Requests after it that fail too. */ failures?: number };

export interface Faults {
  add(fault: GitHubFault): void;
  /** What is done with a request instead of answering it. */
  before(isCreation: boolean): Meddling | undefined;
  /** What is done with a creation's answer. */
  after(isCreation: boolean): Meddling | undefined;
}

export type Meddling = { reply: Reply } | { drop: (response: ServerResponse) => void };

export function createFaults(): Faults {
  const faults: GitHubFault[] = [];
  const failure = (status: number): Meddling => ({ reply: { status, body: { message: "Server Error" } } });
  return {
    add: (fault) => void faults.push(fault),
    before() {
      const [fault] = faults;
      if (fault === undefined || fault.kind === "lost") return undefined;
      faults.shift();
      switch (fault.kind) {
        case "unauthorized":
          return { reply: { status: 401, body: { message: "Bad credentials" } } };
        case "limit":
          return { reply: limited(fault.forMs) };
        case "secondary_limit":
          return { reply: secondary(fault.status, fault.seconds) };
        case "failure":
          if (fault.times > 1) faults.unshift({ ...fault, times: fault.times - 1 });
          return failure(fault.status);
        case "cut":
          return { drop: (response) => response.destroy() };
        case "silent":
          return { drop: () => undefined };
      }
    },
    after(isCreation) {
      const [fault] = faults;
      if (fault?.kind !== "lost" || !isCreation) return undefined;
      faults.shift();
      if (fault.failures !== undefined) faults.unshift({ kind: "failure", status: 502, times: fault.failures });
      return fault.by === "502" ? failure(502) : { drop: (response) => response.destroy() };
    },
  };
}

function limited(forMs: number): Reply {
  const reset = Math.ceil((Date.now() + forMs) / 1_000);
  return {
    status: 403,
    body: { message: "API rate limit exceeded for user ID 1.", documentation_url: "https://docs.github.com/rest" },
    headers: { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) },
  };
}

function secondary(status: 403 | 429, seconds: number): Reply {
  const message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  return { status, body: { message }, headers: { "retry-after": String(seconds) } };
}
