import { randomBytes } from "node:crypto";
import { isWsError, type Log, type WsError } from "@ws/workspace-core";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { json, scriptedApi } from "../testing/github/scripted-api.ts";
import { createGitHubForge } from "./github.ts";

const API = "https://api.github.com";
const REPOSITORY = json(200, { id: 7, name: "next.js", owner: { login: "vercel" }, default_branch: "canary" });
const pull = (number: number, head: object = {}) => ({
  number,
  html_url: `https://github.com/vercel/next.js/pull/${number}`,
  state: "open",
  title: "t",
  draft: false,
  created_at: "2026-01-01T00:00:00Z",
  merged_at: null,
  head: { ref: "work", repo: { id: 7 }, ...head },
  base: { ref: "main", repo: { id: 7 } },
});
const BASE = "/repos/vercel/next.js";
const NEW = { title: "t", body: "b", sourceBranch: "work", targetBranch: "main", draft: false };

function opened(script: Parameters<typeof scriptedApi>[1], url = "https://github.com/vercel/next.js") {
  const lines: string[] = [];
  const line = (message: string, fields?: object): void => void lines.push(message + JSON.stringify(fields));
  const log: Log = { debug: line, info: line, warn: line, error: line };
  const clock = createManualClock();
  const api = scriptedApi(API, { [`GET ${BASE}`]: [REPOSITORY], ...script });
  const forge = createGitHubForge({ clock, log, fetch: api.fetch, spaced: false, retryMs: 1 });
  const password = `token-${randomBytes(12).toString("hex")}`;
  const secret = { id: "c1", type: "pat" as const, provider: "github", host: "github.com", username: "x", password };
  return { ...api, clock, lines, password, repository: forge.open(url, async () => secret) };
}

async function refusalOf(work: Promise<unknown>): Promise<WsError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isWsError(error)) throw new Error(`not refused: ${String(error)}`);
  return error;
}

const callsOf = (asked: { call: string }[]): string[] => asked.map(({ call }) => call.replace(/\?.*$/, ""));

test.each([
  ["a failure of the server", json(502, { message: "Server Error" })],
  ["a cut connection", () => Object.assign(new Error("socket hang up"), { code: "ECONNRESET" })],
])("looks for the pull request before it asks for one again after %s", async (_, failure) => {
  const { repository, asked, clock } = opened({
    [`GET ${BASE}/pulls`]: [json(200, [])],
    [`POST ${BASE}/pulls`]: [failure, json(201, pull(5))],
  });
  const making = repository.createPullRequest(NEW);
  await clock.idle();
  clock.advance(1_000);
  expect(await making).toMatchObject({ number: 5 });
  expect(callsOf(asked)).toEqual([
    `GET ${BASE}`,
    `GET ${BASE}/pulls`,
    `POST ${BASE}/pulls`,
    `GET ${BASE}/pulls`,
    `POST ${BASE}/pulls`,
  ]);
});

test("waits for GitHub's lists where they are behind its refusal of a second pull request", async () => {
  const refusal = {
    message: "Validation Failed",
    errors: [{ message: "A pull request already exists for vercel:work." }],
  };
  const { repository, asked, clock } = opened({
    [`GET ${BASE}/pulls`]: [json(200, []), json(200, []), json(200, [pull(5)])],
    [`POST ${BASE}/pulls`]: [json(422, refusal)],
  });
  const making = repository.createPullRequest(NEW);
  await clock.idle();
  clock.advance(1_000);
  expect(await making).toMatchObject({ number: 5 });
  expect(callsOf(asked).filter((call) => call.startsWith("POST"))).toHaveLength(1);
});

test("asks for the head by the name that the repository's owner has now, and takes no other repository's", async () => {
  const { repository, asked } = opened({
    [`GET ${BASE}/pulls`]: [
      json(200, [pull(1, { repo: { id: 8 } }), pull(2, { ref: "work2" }), pull(3, { repo: null }), pull(4)]),
    ],
  });
  expect(await repository.findPullRequest("work")).toMatchObject({ number: 4 });
  expect(asked[1]?.call).toContain("head=vercel%3Awork");
});

test.each([
  [
    "head is invalid",
    { message: "Validation Failed", errors: [{ field: "head", code: "invalid" }] },
    /Push the branch/,
  ],
  [
    "No commits between main and work",
    { errors: [{ message: "No commits between main and work" }] },
    /Commit and push/,
  ],
  ["Draft pull requests are not supported", { message: "Draft pull requests are not supported." }, /without draft/],
  ["body is too long", { errors: ["body is too long"] }, undefined],
])("gives GitHub's reason for refusing a pull request: %s", async (reason, body, next) => {
  const { repository } = opened({ [`GET ${BASE}/pulls`]: [json(200, [])], [`POST ${BASE}/pulls`]: [json(422, body)] });
  const error = await refusalOf(repository.createPullRequest(NEW));
  expect(error.code).toBe("pull_request_refused");
  expect(error.message).toContain("pull request");
  expect(error.message).toContain(reason);
  if (next === undefined) expect(error.next).toBeUndefined();
  else expect(error.next).toMatch(next);
});

test("tells when a limit ends by GitHub's own clock, however wrong ours is", async () => {
  const there = Date.UTC(2030, 5, 1, 12);
  const { repository, clock } = opened({
    [`GET ${BASE}`]: [
      json(
        403,
        { message: "API rate limit exceeded" },
        {
          date: new Date(there).toUTCString(),
          "x-ratelimit-remaining": "0",
          "x-ratelimit-reset": String(there / 1_000 + 600),
        },
      ),
    ],
  });
  const error = await refusalOf(repository.defaultBranch());
  expect(error).toMatchObject({
    code: "forge_rate_limited",
    data: { host: "github.com", retryAt: clock.now() + 600_000 },
  });
});

test.each([
  ["429 without a word", 429, {}, {}],
  ["a secondary limit without one", 403, { message: "You have exceeded a secondary rate limit." }, {}],
])("comes back after the minute that GitHub asks for: %s", async (_, status, body, headers) => {
  const { repository, clock, asked } = opened({ [`GET ${BASE}`]: [json(status, body, headers)] });
  expect(await refusalOf(repository.defaultBranch())).toMatchObject({ data: { retryAt: clock.now() + 60_000 } });
  expect(asked).toHaveLength(1);
});

test("waits once for a short limit, and tells the second", async () => {
  const { repository, clock, asked } = opened({ [`GET ${BASE}`]: [json(429, {}, { "retry-after": "5" })] });
  const waiting = refusalOf(repository.defaultBranch());
  await clock.idle();
  clock.advance(5_000);
  expect((await waiting).code).toBe("forge_rate_limited");
  expect(asked).toHaveLength(2);
});

test.each([
  [{ "x-accepted-github-permissions": "pull_requests=write" }, /pull_requests=write/],
  [{ "x-github-sso": "required; url=https://github.com/orgs/o/sso" }, /single sign-on/],
  [{}, /permissions/],
])("says what a credential lacks", async (headers, next) => {
  const refusal = json(403, { message: "Resource not accessible by personal access token" }, headers);
  const { repository } = opened({ [`GET ${BASE}`]: [refusal] });
  const error = await refusalOf(repository.defaultBranch());
  expect(error).toMatchObject({ code: "forge_refused", data: { status: 403 } });
  expect(error.message).toContain("Resource not accessible by personal access token");
  expect(error.next).toMatch(next);
});

test("sends the token to no other origin when it is redirected there", async () => {
  const elsewhere = json(307, {}, { location: "https://evil.test/repositories/7" });
  const { repository, asked } = opened({ [`GET ${BASE}`]: [elsewhere] });
  const error = await refusalOf(repository.defaultBranch());
  expect(error.code).toBe("forge_refused");
  expect(error.message).toContain("https://evil.test");
  expect(callsOf(asked)).toEqual([`GET ${BASE}`]);
});

test("follows a renamed repository with the same request, and gives up on a circle", async () => {
  const { repository, asked } = opened({
    [`GET ${BASE}`]: [json(301, {}, { location: `${API}/repositories/7` })],
    "GET /repositories/7": [REPOSITORY],
  });
  expect(await repository.defaultBranch()).toBe("canary");
  expect(asked.every(({ authorization }) => authorization !== undefined)).toBe(true);
  const circle = opened({ [`GET ${BASE}`]: [json(301, {}, { location: API + BASE })] });
  expect((await refusalOf(circle.repository.defaultBranch())).message).toContain("circle");
});

test("shows a token in no message, cause or line of the log", async () => {
  for (const failure of [json(500, {}), json(403, {}), json(401, {}), () => new Error("reset")]) {
    const { repository, password, lines } = opened({ [`GET ${BASE}`]: [failure] });
    const error = await refusalOf(repository.defaultBranch());
    const causes = [error, error.cause, (error.cause as Error | undefined)?.cause];
    const texts = causes.map((one) =>
      one instanceof Error ? JSON.stringify(one, Object.getOwnPropertyNames(one)) : "",
    );
    expect([...texts, ...lines].join("\n")).not.toContain(password);
  }
});

test("repeats a reading that failed, and never a merge", async () => {
  const { repository, asked } = opened({
    [`GET ${BASE}/pulls/5`]: [json(503, {}), json(200, pull(5))],
    [`PUT ${BASE}/pulls/5/merge`]: [json(502, {})],
  });
  expect(await refusalOf(repository.mergePullRequest(5, { method: "squash" }))).toMatchObject({
    code: "forge_unreachable",
  });
  expect(callsOf(asked).filter((call) => call.startsWith("PUT"))).toHaveLength(1);
});

test("takes a merge whose answer was lost for done", async () => {
  const merged = { ...pull(5), state: "closed", merged_at: "2026-01-02T00:00:00Z" };
  const { repository } = opened({
    [`GET ${BASE}/pulls/5`]: [json(200, pull(5)), json(200, merged)],
    [`PUT ${BASE}/pulls/5/merge`]: [json(502, {})],
  });
  expect(await repository.mergePullRequest(5, { method: "squash" })).toMatchObject({ state: "merged" });
});

test("reads what people left half said: pending reviews, gone accounts, lines that moved away", async () => {
  const at = "2026-01-01T00:00:00Z";
  const { repository } = opened({
    [`GET ${BASE}/pulls/5/reviews`]: [
      json(200, [
        { user: { login: "a" }, body: "draft", state: "PENDING", html_url: "u" },
        { user: { login: "a" }, body: "", state: "COMMENTED", submitted_at: at, html_url: "u" },
        { user: null, body: "was no", state: "DISMISSED", submitted_at: at, html_url: "u1" },
      ]),
    ],
    [`GET ${BASE}/pulls/5/comments`]: [
      json(200, [
        { user: { login: "b" }, body: "x", created_at: at, path: "f", line: null, original_line: 9, html_url: "u2" },
      ]),
    ],
    [`GET ${BASE}/issues/5/comments`]: [json(200, [])],
  });
  expect(await repository.comments(5)).toEqual([
    { author: "ghost", body: "was no", verdict: "commented", url: "u1", createdAt: Date.parse(at) },
    { author: "b", body: "x", path: "f", line: 9, url: "u2", createdAt: Date.parse(at) },
  ]);
});

test("has no branches in a repository without a commit", async () => {
  const { repository } = opened({
    [`GET ${BASE}/git/ref/heads%2Fmain`]: [json(409, { message: "Git Repository is empty." })],
    [`GET ${BASE}/git/matching-refs/heads%2F`]: [json(409, { message: "Git Repository is empty." })],
  });
  expect(await repository.branchExists("main")).toBe(false);
  expect(await repository.branches("")).toEqual([]);
});

test("says of a branch that may not be deleted that it is still there", async () => {
  const { repository } = opened({
    [`DELETE ${BASE}/git/refs/heads%2Fmain`]: [json(422, { message: "Cannot delete the default branch" })],
    [`GET ${BASE}/git/ref/heads%2Fmain`]: [json(200, { object: { sha: "0" } })],
  });
  const error = await refusalOf(repository.deleteBranch("main"));
  expect(error).toMatchObject({ code: "forge_refused", data: { status: 422 } });
  expect(error.message).toContain("Cannot delete the default branch");
});
