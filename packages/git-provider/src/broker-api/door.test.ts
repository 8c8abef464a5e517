import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Log } from "@ws/workspace-core";
import { afterEach, expect, test } from "vitest";
import { gitHubAddress } from "../forges/github/address.ts";
import { GH_QUERIES } from "../testing/github/gh-queries.ts";
import { createGranting } from "../testing/granting.ts";
import { json, scriptedApi } from "../testing/github/scripted-api.ts";
import { createApiDoor } from "./door.ts";

const API = "https://api.github.com";
const BASE = "/repos/octo-org/next.js";
const URL_ = "https://github.com/octo-org/next.js";
const capability = `ws-gh-${randomBytes(8).toString("hex")}`;
const token = (): string => `token-${randomBytes(12).toString("hex")}`;

const open: AsyncDisposableStack[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.disposeAsync();
});

interface Asking {
  body?: unknown;
  host?: string;
  authorization?: string | undefined;
}

async function door(script: Parameters<typeof scriptedApi>[1] = {}, grant: object | null = { branches: ["work"] }) {
  const api = scriptedApi(API, script);
  const credentials = createGranting({ user: "x-access-token", password: token(), renew: token });
  if (grant !== null) credentials.give({ url: URL_, ...grant });
  const lines: string[] = [];
  const line = (message: string, fields?: object): void => void lines.push(message + JSON.stringify(fields));
  const log: Log = { debug: line, info: line, warn: line, error: line };
  const repository = { owner: "octo-org", repo: "next.js" };
  const address = gitHubAddress();
  const options = {
    workspace: "ws-standin",
    address,
    repository,
    capability,
    credentials,
    fetch: api.fetch,
    log,
  } as const;
  const server = createServer(createApiDoor(options)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const stack = new AsyncDisposableStack();
  stack.defer(() => server.closeAllConnections());
  stack.defer(() => void server.close());
  open.push(stack);
  const { port } = server.address() as AddressInfo;

  async function ask(method: string, path: string, { body, host = "api.github.com", ...rest }: Asking = {}) {
    const authorization = "authorization" in rest ? rest.authorization : `token ${capability}`;
    const headers = { host, "content-type": "application/json", ...(authorization && { authorization }) };
    const asking = request({ port, host: "127.0.0.1", method, path, headers });
    asking.end(body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body));
    const [found] = await once(asking, "response");
    const said = await text(found);
    return {
      status: found.statusCode as number,
      said,
      message: (JSON.parse(said) as { message?: string }).message ?? "",
    };
  }
  return { ask, asked: api.asked, credentials, lines };
}

const own = { head: { ref: "work", repo: { id: 1 } }, base: { repo: { id: 1 } } };

test("asks the forge with the worker's credential, and shows the workspace none of it", async () => {
  const { ask, asked, credentials, lines } = await door({
    [`GET ${BASE}/pulls`]: [() => Response.json([{ body: `the token is ${asked[0]?.authorization ?? ""}` }])],
  });
  const { status, said } = await ask("GET", `${BASE}/pulls?state=open`);
  expect([status, said]).toEqual([200, '[{"body":"the token is token ***"}]']);
  expect(asked).toEqual([
    { call: `GET ${BASE}/pulls?state=open`, authorization: `token ${credentials.password}`, body: undefined },
  ]);
  expect(lines.join("\n")).not.toContain(credentials.password);
});

test("leaves out the token with which a private repository is cloned", async () => {
  const { ask } = await door({
    [`GET ${BASE}`]: [json(200, { id: 1, temp_clone_token: token(), nested: { tempCloneToken: "x" } })],
  });
  expect((await ask("GET", BASE)).said).toBe('{"id":1,"nested":{}}');
});

test.each([
  ["no token", { authorization: undefined }, /takes no token/],
  ["a token of somebody's own", { authorization: "token ghp_mine" }, /gh config set http_unix_socket/],
  ["another host", { host: "github.com" }, /gh reaches only api\.github\.com/],
  ["an address of somebody else's", { host: "169.254.169.254" }, /gh reaches only api\.github\.com/],
])("leads nothing with %s", async (_, asking, message) => {
  const { ask, asked } = await door({ [`GET ${BASE}`]: [json(200, {})] });
  const refused = await ask("GET", BASE, asking);
  expect(refused.status).toBe(403);
  expect(refused.message).toMatch(message);
  expect(asked).toEqual([]);
});

test.each([
  "//evil.test/",
  "https://evil.test/repos/octo-org/next.js",
  "/repos/octo-org/next.js/../../user",
  "/repos/octo-org/next.js@evil.test",
])("leads %s nowhere", async (path) => {
  const { ask, asked } = await door();
  expect((await ask("GET", path)).status).toBe(403);
  expect(asked).toEqual([]);
});

test("answers gh's look at its own token itself", async () => {
  const { ask, asked } = await door();
  expect(await ask("GET", "/")).toMatchObject({ status: 200, said: "{}" });
  expect(asked).toEqual([]);
});

test.each([
  [
    "another repository",
    { grant: { branches: [] } },
    "GET",
    "/repos/octo-org/secret",
    undefined,
    /octo-org\/secret through gh: it is not granted/,
  ],
  [
    "a repository without a grant",
    { grant: null },
    "GET",
    BASE,
    undefined,
    /it is not granted\. 'ws credential grant'/,
  ],
  ["a repository whose grant has ended", { grant: { revokedAt: 1 } }, "GET", BASE, undefined, /its grant has ended/],
  [
    "a query of another repository",
    {},
    "POST",
    "/graphql",
    { query: 'query { repository(owner: "octo-org", name: "secret") { id } }' },
    /octo-org\/secret through gh/,
  ],
  [
    "a query beside a granted one",
    {},
    "POST",
    "/graphql",
    {
      query:
        'query { a: repository(owner: "octo-org", name: "next.js") { id } b: repository(owner: "octo-org", name: "secret") { id } }',
    },
    /octo-org\/secret through gh/,
  ],
  ["a pull request from main", {}, "POST", `${BASE}/pulls`, { head: "main", base: "x", title: "t" }, /from work only/],
  [
    "a pull request from a fork",
    {},
    "POST",
    `${BASE}/pulls`,
    { head: "evil:work", base: "main", title: "t" },
    /from work only/,
  ],
  [
    "a pull request of another repository's branch",
    {},
    "POST",
    `${BASE}/pulls`,
    { head: "work", head_repo: "x", base: "main" },
    /'head_repo' cannot be said/,
  ],
  [
    "a pull request where it may only read",
    { grant: { branches: ["work"], access: "read" } },
    "POST",
    `${BASE}/pulls`,
    { head: "work", base: "main" },
    /it may only read/,
  ],
  ["what is no JSON", {}, "POST", "/graphql", "{", /in JSON/],
])("refuses %s, and the forge hears nothing", async (_, given, method, path, body, message) => {
  const { ask, asked } = await door({}, "grant" in given ? given.grant : { branches: ["work"] });
  const refused = await ask(method, path, body === undefined ? {} : { body });
  expect([400, 403]).toContain(refused.status);
  expect(refused.message).toMatch(message);
  expect(asked).toEqual([]);
});

test.each(["work", "octo-org:work"])("opens a pull request from its own branch, written %s", async (head) => {
  const { ask, asked, lines } = await door({ [`POST ${BASE}/pulls`]: [json(201, { number: 1 })] });
  const body = { head, base: "main", title: "t", body: "b" };
  expect((await ask("POST", `${BASE}/pulls`, { body })).status).toBe(201);
  expect(asked[0]?.body).toEqual(body);
  expect(lines.join("\n")).toContain("changes a pull request with gh");
});

test("opens a pull request by a query only in the repository that is granted", async () => {
  const { query, variables } = GH_QUERIES["PullRequestCreate"] ?? { query: "" };
  const script = { [`GET ${BASE}`]: [json(200, { node_id: "R_1" })], "POST /graphql": [json(200, { data: {} })] };
  const good = await door(script);
  expect((await good.ask("POST", "/graphql", { body: { query, variables } })).status).toBe(200);
  expect(good.asked.map(({ call }) => call)).toEqual([`GET ${BASE}`, "POST /graphql"]);

  const { input } = variables as { input: object };
  for (const wrong of [{ repositoryId: "R_2" }, { headRepositoryId: "R_2" }, { headRefName: "main" }]) {
    const bad = await door(script);
    const refused = await bad.ask("POST", "/graphql", {
      body: { query, variables: { input: { ...input, ...wrong } } },
    });
    expect(refused.status).toBe(403);
    expect(bad.asked.map(({ call }) => call)).not.toContain("POST /graphql");
  }
});

test("shows by its id a pull request of what is granted, and nothing else", async () => {
  const { query } = GH_QUERIES["PullRequestStatusChecks"] ?? { query: "" };
  const found = (node: object | null) => json(200, { data: { node } });
  for (const [node, status] of [
    [{ baseRepository: { nameWithOwner: "octo-org/next.js" } }, 200],
    [{ baseRepository: { nameWithOwner: "octo-org/secret" } }, 403],
    [{}, 403],
    [null, 403],
  ] as const) {
    const { ask, asked } = await door({ "POST /graphql": [found(node), found({ title: "shown" })] });
    const answered = await ask("POST", "/graphql", { body: { query, variables: { id: "PR_1" } } });
    expect([answered.status, asked.length]).toEqual([status, status === 200 ? 2 : 1]);
    expect(answered.said.includes("shown")).toBe(status === 200);
  }
});

test.each(["CommentCreate", "PullRequestUpdate", "PullRequestReadyForReview"])(
  "does %s with pull requests of its own branches only",
  async (name) => {
    const body = GH_QUERIES[name];
    const mine = {
      headRefName: "work",
      isCrossRepository: false,
      baseRepository: { nameWithOwner: "octo-org/next.js" },
    };
    for (const [node, grant, status] of [
      [mine, { branches: ["work"] }, 200],
      [mine, { branches: ["work"], access: "read" }, 403],
      [{ ...mine, headRefName: "other" }, { branches: ["work"] }, 403],
      [{ ...mine, isCrossRepository: true }, { branches: ["work"] }, 403],
      [{ ...mine, baseRepository: { nameWithOwner: "octo-org/secret" } }, { branches: ["work"] }, 403],
      [null, { branches: ["work"] }, 403],
    ] as const) {
      const { ask, asked } = await door({ "POST /graphql": [json(200, { data: { node } }), json(200, {})] }, grant);
      expect((await ask("POST", "/graphql", { body })).status).toBe(status);
      expect(asked).toHaveLength(status === 200 ? 2 : 1);
    }
  },
);

test("changes pull requests of its own branches only", async () => {
  for (const [pull, status] of [
    [own, 200],
    [{ ...own, head: { ref: "other", repo: { id: 1 } } }, 403],
    [{ ...own, head: { ref: "work", repo: { id: 2 } } }, 403],
    [{ ...own, head: { ref: "work", repo: null } }, 403],
  ] as const) {
    const script = { [`GET ${BASE}/pulls/7`]: [json(200, pull)], [`POST ${BASE}/issues/7/labels`]: [json(200, [])] };
    const { ask } = await door(script);
    expect((await ask("POST", `${BASE}/issues/7/labels`, { body: { labels: ["bug"] } })).status).toBe(status);
  }
});

test("shows another credential where one is refused, and says so where that is refused too", async () => {
  const { ask, asked, credentials } = await door({ [`GET ${BASE}`]: [json(401, {}), json(200, { id: 1 })] });
  const [first] = [credentials.password];
  expect((await ask("GET", BASE)).status).toBe(200);
  expect(credentials.refused).toEqual([first]);
  expect(new Set(asked.map(({ authorization }) => authorization)).size).toBe(2);
  const again = await door({ [`GET ${BASE}`]: [json(401, {})] });
  const refused = await again.ask("GET", BASE);
  expect(refused.status).toBe(403);
  expect(refused.message).toMatch(/the credential work was refused by github\.com.*'ws credential set'/);
});

test("follows no redirect, and says when the forge cannot be reached", async () => {
  const moved = await door({ [`GET ${BASE}`]: [json(301, {}, { location: "https://evil.test/" })] });
  expect((await moved.ask("GET", BASE)).message).toContain("the repository moved");
  expect(moved.asked).toHaveLength(1);
  const gone = await door({ [`GET ${BASE}`]: [() => new Error("connect ECONNREFUSED")] });
  expect(await gone.ask("GET", BASE)).toMatchObject({ status: 502 });
});

test("takes no request that is too large", async () => {
  const { ask, asked } = await door();
  const refused = await ask("POST", "/graphql", { body: JSON.stringify({ query: "x".repeat(1_100_000) }) });
  expect(refused.status).toBe(413);
  expect(asked).toEqual([]);
});
