import { ApiRefused, ON_THE_WORKER } from "./refused.ts";

/** A call of the REST API about one repository. */
export interface RestCall {
  owner: string;
  repo: string;
  /** What has to hold before it is led: nothing for a reading. */
  needs: "nothing" | "own_head" | "own_pull_request";
  /** Of the pull request that it changes. */
  number?: number;
}

const NUMBER = "(\\d{1,10})";
const NAME = "[^/]+";
/** Below `/repos/OWNER/NAME`. What answers with a redirect to elsewhere, or tells of more than the repository, is not among them. */
const READ = [
  "",
  "/pulls",
  `/pulls/${NUMBER}`,
  `/pulls/${NUMBER}/(?:commits|files|reviews|comments|requested_reviewers)`,
  `/issues/${NUMBER}/(?:comments|labels)`,
  `/commits/${NAME}`,
  `/commits/${NAME}/(?:check-runs|check-suites|status|statuses|pulls)`,
  // Without a colon, which names a fork's branch.
  "/compare/[^/:]+",
  "/branches",
  `/branches/${NAME}`,
  "/labels",
  "/actions/runs",
  `/actions/runs/${NUMBER}`,
  `/actions/runs/${NUMBER}/jobs`,
].map(whole);
const CHANGE: readonly (readonly [string, RegExp])[] = [
  ["PATCH", whole(`/pulls/${NUMBER}`)],
  ["POST", whole(`/pulls/${NUMBER}/requested_reviewers`)],
  ["POST", whole(`/issues/${NUMBER}/(?:comments|labels)`)],
];

/** Reads a call's method and path below the API's root. Throws `ApiRefused` for what `gh` may not ask here. */
export function readRestCall(method: string, path: string): RestCall {
  const [, owner = "", repo = "", rest = ""] = /^\/repos\/([\w-]+)\/([\w.-]+)(\/.*)?$/.exec(path) ?? [];
  // An escape could be another path for the forge than for us.
  if (owner === "" || /%|\/\/|\/\.\.?(?:\/|$)/.test(path)) throw notLed(method, path);
  const of = { owner, repo };
  if (method === "GET" && READ.some((known) => known.test(rest))) return { ...of, needs: "nothing" };
  if (method === "POST" && rest === "/pulls") return { ...of, needs: "own_head" };
  for (const [known, pattern] of CHANGE) {
    const number = known === method ? pattern.exec(rest)?.[1] : undefined;
    if (number !== undefined) return { ...of, needs: "own_pull_request", number: Number(number) };
  }
  throw notLed(method, path);
}

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`);
}

function notLed(method: string, path: string): ApiRefused {
  const what = `${method} ${path.replace(/[^\x20-\x7e]/g, "?").slice(0, 200)}`;
  return new ApiRefused(
    403,
    `Workspace does not lead there: ${what} is not among what gh may ask here. ${ON_THE_WORKER}.`,
  );
}
