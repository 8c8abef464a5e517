import type { Caller, State } from "./state.ts";

/** A request as a route sees it. */
export interface Call {
  state: State;
  /** Where the API begins, without a slash at the end. */
  api: string;
  /** Where people look, without a slash at the end. */
  site: string;
  params: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
  caller: Caller | undefined;
  /** Of a request that an app signed itself. */
  appId: number | undefined;
  /** The token that it came with. */
  token: string | undefined;
}

export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export type Routes = Record<string, (call: Call) => Reply | Promise<Reply>>;

/** Thrown by routes: what the API answers instead. */
export class Refusal extends Error {
  readonly reply: Reply;
  constructor(status: number, message: string, errors?: readonly object[]) {
    super(message);
    const documentation_url = "https://docs.github.com/rest";
    // Real answers carry the status as text too.
    const body = { message, documentation_url, status: String(status), ...(errors === undefined ? {} : { errors }) };
    this.reply = { status, body };
  }
}

export const notFound = (): Refusal => new Refusal(404, "Not Found");

/** Why an input was not taken, as the API words it. */
export function invalid(error: { resource: string; field?: string; code: string; message?: string }): Refusal {
  return new Refusal(422, "Validation Failed", [error]);
}

/** One page of a list, with the Link header that leads to the others. */
export function paged<T>(
  call: Call,
  path: string,
  all: readonly T[],
  wrap: (page: T[]) => unknown = (page) => page,
): Reply {
  const perPage = Math.min(100, Number(call.query.get("per_page") ?? 30));
  const page = Number(call.query.get("page") ?? 1);
  const last = Math.max(1, Math.ceil(all.length / perPage));
  const link = (to: number, rel: string): string => {
    const query = new URLSearchParams(call.query);
    query.set("page", String(to));
    return `<${call.api}${path}?${query.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, "prev"), link(1, "first")] : []),
    ...(page < last ? [link(page + 1, "next"), link(last, "last")] : []),
  ];
  return {
    status: 200,
    body: wrap(all.slice((page - 1) * perPage, page * perPage)),
    headers: links.length === 0 ? {} : { link: links.join(", ") },
  };
}
