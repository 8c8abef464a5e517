import { createPublicKey, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { type GitServer, startGitServer } from "../git-server.ts";
import { type Describe, loadDescription } from "./description.ts";
import { createDeviceFlow } from "./device-flow.ts";
import { admit } from "./door.ts";
import { createFaults, type GitHubFault } from "./faults.ts";
import { answerQuery } from "./graph.ts";
import { addRepository, type GitHubRepository, type GitHubRepositoryOptions } from "./hands.ts";
import { type Call, notFound, Refusal, type Reply, type Routes } from "./replies.ts";
import { createMatcher } from "./route-match.ts";
import { appRoutes } from "./routes/apps.ts";
import { checkRoutes } from "./routes/checks.ts";
import { pullRoutes } from "./routes/pulls.ts";
import { repositoryRoutes } from "./routes/repositories.ts";
import { reviewRoutes } from "./routes/reviews.ts";
import { createState } from "./state.ts";

export interface GitHubServer extends AsyncDisposable {
  /** `https://127.0.0.1:PORT`: where repositories are cloned from and people look. */
  readonly url: string;
  readonly apiUrl: string;
  /** The private authority that signed its certificate, as PEM. */
  readonly ca: string;
  /** What serves the repositories' git at the same origin. */
  readonly git: GitServer;
  /** Calls of the API so far, oldest first: `GET /repos/{owner}/{repo} 200`. */
  readonly calls: readonly string[];
  repository(fullName: string, options?: GitHubRepositoryOptions): Promise<GitHubRepository>;
  /** A token of a person's. */
  token(login: string, options?: { expiresAt?: number }): string;
  /** Ends a token of anybody's, at once. */
  revoke(token: string): void;
  /** Registers an app by its public key, as PEM. */
  app(options: { publicKey: string; owner?: string; permissions?: Record<string, string> }): {
    id: number;
    clientId: string;
    slug: string;
  };
  /** Installs an app on an account; gives the installation's id. */
  install(appId: number, login: string, options?: { repositories?: readonly string[]; suspended?: boolean }): number;
  /** What a person does with a code of the device flow. */
  decide(userCode: string, verdict: { login: string } | "denied" | "expired"): void;
  /** Breaks the next requests, in the order told. */
  fault(fault: GitHubFault): void;
}

const routes: Routes = { ...repositoryRoutes, ...pullRoutes, ...reviewRoutes, ...checkRoutes, ...appRoutes };
const API = "/api/v3";
const GRAPH = "/api/graphql";

/**
 * A GitHub Enterprise of a test's own on loopback, with real git behind its repositories. Every request and every answer is held
 * against GitHub's OpenAPI description; disposing throws where one was not as described.
 */
export async function startGitHubServer(): Promise<GitHubServer> {
  const [git, describe] = await Promise.all([startGitServer(), loadDescription()]);
  const state = createState();
  const faults = createFaults();
  const match = createMatcher(routes);
  const calls: string[] = [];
  const violations: string[] = [];
  const site = git.origin;
  const device = createDeviceFlow(state, () => state.apps.map(({ clientId }) => clientId));

  git.intercept(API, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      violations.push(`${request.method} ${request.url}: the server broke: ${String(error)}`);
      response.destroy();
    });
  });
  git.intercept(GRAPH, (request, response) => {
    void answerGraph(request).then((reply) => send(response, reply));
  });
  git.intercept("/login/", (request, response) => {
    void text(request).then((body) => {
      const path = new URL(request.url ?? "/", site).pathname;
      send(response, device.answer(path, form(request, body), site) ?? { status: 404, body: {} });
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? "GET";
    const { pathname, searchParams: query } = new URL(request.url ?? "/", site);
    const path = pathname.slice(API.length);
    const body = await text(request);
    const asked: unknown = body === "" ? undefined : JSON.parse(body);
    const isCreation = method === "POST" && /^\/repos\/[^/]+\/[^/]+\/pulls$/.test(path);
    const before = faults.before(isCreation);
    if (before !== undefined) {
      calls.push(`${method} ${path} broken`);
      return "drop" in before ? before.drop(response) : send(response, before.reply);
    }
    const params = { method, path, query, asked, authorization: request.headers.authorization };
    const reply = await answerOf(params);
    calls.push(`${method} ${path} ${reply.status}`);
    violations.push(...described(describe, { method, path, query, asked, reply }));
    const after = faults.after(isCreation && reply.status === 201);
    if (after === undefined) return send(response, reply);
    return "drop" in after ? after.drop(response) : send(response, after.reply);
  }

  async function answerGraph(request: IncomingMessage): Promise<Reply> {
    const body = JSON.parse(await text(request)) as Record<string, unknown>;
    const { pathname } = new URL(request.url ?? "/", site);
    const of = { state, api: site + API, site, params: {}, query: new URLSearchParams(), body };
    let reply: Reply;
    try {
      reply = await answerQuery({ ...of, ...admit(request.headers.authorization, state) });
    } catch (error) {
      reply = error instanceof Refusal ? error.reply : { status: 500, body: { message: String(error) } };
    }
    calls.push(`POST ${pathname} ${reply.status}`);
    return reply;
  }

  async function answerOf(asked: {
    method: string;
    path: string;
    query: URLSearchParams;
    asked: unknown;
    authorization: string | undefined;
  }): Promise<Reply> {
    try {
      const found = match(asked.method, asked.path);
      if (found === undefined) throw notFound();
      const body = (asked.asked ?? {}) as Record<string, unknown>;
      const entrant = admit(asked.authorization, state);
      const call: Call = { state, api: site + API, site, params: found.params, query: asked.query, body, ...entrant };
      return await found.value(call);
    } catch (error) {
      if (error instanceof Refusal) return error.reply;
      throw error;
    }
  }

  return {
    url: site,
    apiUrl: site + API,
    ca: git.ca,
    git,
    calls,
    repository: (fullName, options = {}) => addRepository({ state, git, site }, fullName, options),
    token(login, { expiresAt } = {}) {
      const token = `ghp_${randomBytes(18).toString("hex")}`;
      const caller = { kind: "user" as const, account: state.account(login) };
      state.tokens.set(token, expiresAt === undefined ? { caller } : { caller, expiresAt });
      return token;
    },
    revoke: (token) => void state.tokens.delete(token),
    app({
      publicKey,
      owner = "octo-org",
      permissions = { contents: "write", pull_requests: "write", metadata: "read" },
    }) {
      const id = state.nextId();
      const app = { id, clientId: `Iv1.${randomBytes(8).toString("hex")}`, slug: `app-${id}`, permissions };
      state.apps.push({ ...app, owner: state.account(owner, "Organization"), publicKey: createPublicKey(publicKey) });
      return { id, clientId: app.clientId, slug: app.slug };
    },
    install(appId, login, { repositories, suspended } = {}) {
      const app = state.apps.find(({ id }) => id === appId);
      if (app === undefined) throw new Error(`There is no app ${appId}.`);
      const id = state.nextId();
      const account = state.account(login, "Organization");
      const selected = repositories === undefined ? {} : { selected: repositories };
      state.installations.push({ id, app, account, ...selected, ...(suspended === undefined ? {} : { suspended }) });
      return id;
    },
    decide: (userCode, verdict) =>
      device.decide(userCode, typeof verdict === "string" ? verdict : state.account(verdict.login)),
    fault: (fault) => faults.add(fault),
    async [Symbol.asyncDispose]() {
      await git[Symbol.asyncDispose]();
      if (violations.length > 0) {
        throw new Error(`Not as GitHub describes it:\n${[...new Set(violations)].join("\n")}`);
      }
    },
  };
}

function described(
  describe: Describe,
  { reply, ...exchange }: { method: string; path: string; query: URLSearchParams; asked: unknown; reply: Reply },
): string[] {
  // Where redirects lead is nowhere described.
  if (exchange.path.startsWith("/repositories/")) return [];
  // As it goes over the wire: what is undefined is not there.
  const answered: unknown = reply.body === undefined ? undefined : JSON.parse(JSON.stringify(reply.body));
  return describe({ ...exchange, status: reply.status, answered });
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "4999",
    "x-ratelimit-reset": String(Math.ceil(Date.now() / 1_000) + 3_600),
    "x-github-media-type": "github.v3; format=json",
    ...headers,
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function form({ headers }: IncomingMessage, body: string): URLSearchParams {
  if (headers["content-type"]?.includes("json") !== true) return new URLSearchParams(body);
  return new URLSearchParams(JSON.parse(body === "" ? "{}" : body) as Record<string, string>);
}
