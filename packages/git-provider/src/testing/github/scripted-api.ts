import type { ApiFetch } from "../../forges/github/https-fetch.ts";

export interface ScriptedApi {
  fetch: ApiFetch;
  /** `POST /repos/o/r/pulls`, in order; with the query. */
  readonly asked: { call: string; authorization: string | undefined; body: unknown }[];
}

type Answer = Response | Error;

/** An API that answers as it is told to: of each call's answers the first, and the last one again and again. */
export function scriptedApi(apiUrl: string, script: Record<string, (() => Answer)[]>): ScriptedApi {
  const asked: ScriptedApi["asked"] = [];
  const left = new Map(Object.entries(script).map(([call, answers]) => [call, [...answers]]));
  return {
    asked,
    fetch: async (url, { method = "GET", headers, body }) => {
      const call = `${method} ${url.startsWith(apiUrl) ? url.slice(apiUrl.length) : url}`;
      asked.push({
        call,
        authorization: headers?.["authorization"],
        body: body === undefined ? undefined : JSON.parse(body),
      });
      const answers = left.get(call.replace(/\?.*$/, "")) ?? [];
      const answer = (answers.length > 1 ? answers.shift() : answers[0])?.();
      if (answer === undefined) throw new Error(`nothing is scripted for ${call}`);
      if (answer instanceof Error) throw answer;
      return Object.defineProperty(answer, "url", { value: url });
    },
  };
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (): Response =>
    Response.json(body, { status, headers });
