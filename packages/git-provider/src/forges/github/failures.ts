import { RequestError } from "@octokit/request-error";
import { type Clock, type TokenSecret, WsError } from "@ws/workspace-core";

export interface Circumstances {
  host: string;
  /** What was asked about: a repository, or the forge itself. */
  url: string;
  secret: TokenSecret | undefined;
}

/** When a limit is over by our clock, milliseconds since the epoch; undefined for what is no limit. */
export function limitOf(error: unknown, clock: Clock): number | undefined {
  if (!(error instanceof RequestError) || (error.status !== 403 && error.status !== 429)) return undefined;
  const headers = error.response?.headers ?? {};
  const after = Number(headers["retry-after"]);
  if (after > 0) return clock.now() + after * 1_000;
  const reset = Number(headers["x-ratelimit-reset"]) * 1_000;
  if (headers["x-ratelimit-remaining"] === "0" && reset > 0) {
    // By the server's own clock, because ours may be off by minutes.
    const there = Date.parse(headers.date ?? "");
    return clock.now() + Math.max(1_000, reset - (Number.isNaN(there) ? clock.now() : there));
  }
  // GitHub asks for a minute where it says nothing else.
  return error.status === 429 || /secondary rate/i.test(error.message) ? clock.now() + 60_000 : undefined;
}

export function isUnauthorized(error: unknown): boolean {
  return error instanceof RequestError && error.status === 401;
}

/** The domain's error for what the API answered. Its cause holds the forge's reason alone: requests hold the token. */
export function failureOf(error: unknown, { host, url, secret }: Circumstances): unknown {
  if (isGraphRefusal(error)) {
    const reason = spoken(error.errors.map(({ message }) => message).join("; "));
    return new WsError("forge_refused", {
      message: `The forge ${host} refused a request for '${url}': ${reason}.`,
      data: { host, status: 200 },
      cause: new Error(reason),
    });
  }
  if (!(error instanceof RequestError)) return error;
  const { status, response } = error;
  const reason = reasonOf(error);
  const cause = new Error(reason);
  if (response === undefined || status >= 500) {
    const why = response === undefined ? reason : `it failed with ${status}`;
    return new WsError("forge_unreachable", {
      message: `The forge ${host} cannot be reached: ${why}.`,
      next: "Try again in a while; a private certificate authority is named with 'ws config set git.ca FILE'.",
      data: { host },
      cause,
    });
  }
  if (status === 401) {
    const whose =
      secret === undefined ? "no credential was given" : `the credential '${secret.id}' is refused (${reason})`;
    return new WsError("authentication_failed", {
      message: `Authentication failed for '${url}': ${whose}.`,
      next: "See 'ws credential status'; 'ws credential set' stores one.",
      data: { url },
      cause,
    });
  }
  if (status === 404) {
    const sight = secret === undefined ? "without a credential" : `with the credential '${secret.id}'`;
    return new WsError("repository_not_found", {
      message: `Repository not found: '${url}' is not there, or cannot be seen ${sight}.`,
      next: "Check the URL, and that the credential reaches it: 'ws credential status'.",
      data: { url },
      cause,
    });
  }
  return new WsError("forge_refused", {
    message: `The forge ${host} refused a request for '${url}': ${reason}.`,
    ...nextOf(error),
    data: { host, status },
    cause,
  });
}

/** What the forge said, whole sentences without its links. */
export function reasonOf(error: RequestError): string {
  const data = error.response?.data as { message?: unknown; errors?: unknown } | undefined;
  const errors = Array.isArray(data?.errors) ? (data.errors as unknown[]).map(detailOf) : [];
  const said = errors.length > 0 ? errors.join("; ") : typeof data?.message === "string" ? data.message : error.message;
  return spoken(said);
}

function spoken(said: string): string {
  return said
    .replace(/\p{C}+/gu, " ")
    .replace(/\.$/, "")
    .slice(0, 500);
}

/** A query is refused with an answer that is no failure. */
function isGraphRefusal(error: unknown): error is { errors: readonly { message: string }[] } {
  return error instanceof Error && error.name === "GraphqlResponseError" && "errors" in error;
}

function detailOf(detail: unknown): string {
  if (typeof detail === "string") return detail;
  const { message, field = "it", code = "refused" } = detail as { message?: string; field?: string; code?: string };
  return message ?? `${field} is ${code.replaceAll("_", " ")}`;
}

function nextOf({ status, response }: RequestError): { next?: string } {
  if (status !== 403) return {};
  if (response?.headers["x-github-sso"] !== undefined) {
    return { next: "Authorize the credential for the organisation's single sign-on, on the forge's page of tokens." };
  }
  const needed = response?.headers["x-accepted-github-permissions"];
  const what = needed === undefined ? "the permissions that this needs" : `the permission '${needed}'`;
  return { next: `Give the credential ${what} on the forge, or use another: 'ws credential set'.` };
}
