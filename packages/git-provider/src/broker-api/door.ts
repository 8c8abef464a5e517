import type { IncomingMessage, ServerResponse } from "node:http";
import { type CredentialSource, type Grant, isWsError, type Log, type WorkspaceId } from "@ws/workspace-core";
import { isSame } from "../broker/protocol/same.ts";
import type { GitHubAddress } from "../forges/github/address.ts";
import type { ApiFetch } from "../forges/github/https-fetch.ts";
import { type ApiTarget, OWN_TOKEN, readTarget } from "./api-root.ts";
import { createAskApi } from "./ask-api.ts";
import { ApiRefused } from "./refused.ts";
import { readRestCall } from "./rest.ts";
import { elsewhere, grantFor, type Place, requireOwnHead } from "./rules.ts";

export interface ApiDoorOptions {
  workspace: WorkspaceId;
  address: GitHubAddress;
  /** The workspace's own: a query that names none is asked with its grant. */
  repository: Place;
  /** What `gh` shows instead of a token. */
  capability: string;
  credentials: CredentialSource;
  /** Must not follow redirects. */
  fetch: ApiFetch;
  log: Log;
}

const MAX_BODY_BYTES = 1_048_576;
const TAKEN = new Set(["title", "body", "head", "base", "draft", "maintainer_can_modify", "state"]);

/** Answers `gh` in a workspace: what a pull request needs, of granted repositories, with the worker's credential. */
export function createApiDoor(options: ApiDoorOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const { workspace, address, repository: own, capability, credentials, log } = options;
  const { host } = address;
  const ask = createAskApi({ credentials, fetch: options.fetch, host });
  const right = (place: Place): Grant => grantFor(place, { credentials, workspace, host });

  async function serve(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const { method = "GET", url = "/", headers } = request;
    if (!isSame(headers.authorization?.replace(/^(?:token|bearer) /i, "") ?? "", capability)) {
      throw new ApiRefused(
        403,
        `Workspace takes no token: its gh asks the forge with the worker's credential. ${OWN_TOKEN}`,
      );
    }
    const target = readTarget(address, headers.host ?? "", url);
    // By which gh checks its token; nothing is learnt from the forge's answer.
    if (target.path === "/" && method === "GET") return answer(response, 200, "{}");
    const text = await bodyOf(request);
    const body: unknown = text === "" ? undefined : parsed(text);
    const accept = headers.accept === undefined ? {} : { accept: headers.accept };
    const { grant, asked } =
      target.kind === "graphql" ? await graph(method, target, body, signal) : await rest(method, target, body, signal);
    const { status, text: said, type } = await ask(grant, { ...asked, ...accept }, signal);
    log.debug("gh request", { workspace, path: target.path, method, status });
    if (status >= 300 && status < 400)
      throw new ApiRefused(502, "Workspace does not lead there: the repository moved.");
    answer(response, status, said, type);
  }

  async function graph(method: string, { url }: ApiTarget, body: unknown, signal: AbortSignal) {
    if (method !== "POST") throw new ApiRefused(405, "A query is sent by POST.");
    // Its parser takes a while to load, and most workspaces never ask.
    const { readGraphCall } = await import("./graph.ts");
    const { query, variables, repositories, nodes, changes, creates } = readGraphCall(body);
    const [grant = right(own)] = repositories.map((place) => right(place));
    for (const id of nodes) await pullRequestById(grant, url, id, signal);
    if (changes !== undefined) {
      const { place, pull } = await pullRequestById(grant, url, changes, signal);
      if (pull.isCrossRepository) throw elsewhere();
      requireOwnHead(right(place), place, pull.headRefName);
      log.info("a workspace changes a pull request with gh", { workspace, url: grant.url, head: pull.headRefName });
    }
    if (creates !== undefined) {
      const { head, repositoryId, headRepositoryId = repositoryId } = creates;
      requireOwnHead(grant, own, head);
      const { node_id } = await read<{ node_id: string }>(grant, own, "", signal);
      if (repositoryId !== node_id || headRepositoryId !== node_id) throw elsewhere();
      log.info("a workspace opens a pull request with gh", { workspace, url: grant.url, head });
    }
    return { grant, asked: { method, url, body: JSON.stringify({ query, variables }) } };
  }

  /** Of a repository that is granted, or it throws. */
  async function pullRequestById(grant: Grant, url: string, id: string, signal: AbortSignal) {
    const body = JSON.stringify({ query: WHOSE, variables: { id } });
    const { status, text } = await ask(grant, { method: "POST", url, body }, signal);
    const { data } = (status === 200 ? JSON.parse(text) : {}) as { data?: { node?: Partial<Found> | null } };
    const { baseRepository, headRefName = "", isCrossRepository = true } = data?.node ?? {};
    const [owner = "", repo = ""] = baseRepository?.nameWithOwner.split("/") ?? [];
    right({ owner, repo });
    return { place: { owner, repo }, pull: { headRefName, isCrossRepository } };
  }

  async function rest(method: string, { path, url }: ApiTarget, body: unknown, signal: AbortSignal) {
    const { owner, repo, needs, number } = readRestCall(method, path);
    const place = { owner, repo };
    const grant = right(place);
    if (needs === "nothing") return { grant, asked: { method, url } };
    const fields = (body ?? {}) as Record<string, unknown>;
    const isText = path.endsWith("/pulls") || method === "PATCH";
    const unknown = isText ? Object.keys(fields).find((name) => !TAKEN.has(name)) : undefined;
    if (unknown !== undefined)
      throw new ApiRefused(403, `Workspace does not lead this: '${unknown}' cannot be said here.`);
    if (needs === "own_head") requireOwnHead(grant, place, String(fields["head"]));
    else await requireOwnPullRequest(grant, place, number ?? 0, signal);
    log.info("a workspace changes a pull request with gh", { workspace, method, path });
    return { grant, asked: { method, url, body: JSON.stringify(fields) } };
  }

  async function requireOwnPullRequest(grant: Grant, place: Place, number: number, signal: AbortSignal): Promise<void> {
    const { head, base } = await read<Pull>(grant, place, `/pulls/${number}`, signal);
    if (head.repo?.id !== base.repo.id) throw elsewhere();
    requireOwnHead(grant, place, head.ref);
  }

  async function read<T>(grant: Grant, { owner, repo }: Place, rest: string, signal: AbortSignal): Promise<T> {
    const url = `${address.apiUrl}/repos/${owner}/${repo}${rest}`;
    const { status, text } = await ask(grant, { method: "GET", url }, signal);
    if (status === 200) return JSON.parse(text) as T;
    throw new ApiRefused(403, `Workspace could not look at ${owner}/${repo}${rest}: the forge answered ${status}.`);
  }

  return (request, response) => {
    const gone = new AbortController();
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    response.on("close", () => gone.abort());
    serve(request, response, gone.signal).catch((error: unknown) => refuse(response, error, address.host));
  };
}

/** What a pull request is, and in which repository; nothing for the id of anything else. */
const WHOSE =
  "query($id: ID!) { node(id: $id) { ... on PullRequest { headRefName isCrossRepository baseRepository { nameWithOwner } } } }";

interface Found {
  headRefName: string;
  isCrossRepository: boolean;
  baseRepository: { nameWithOwner: string };
}

interface Pull {
  head: { ref: string; repo: { id: number } | null };
  base: { repo: { id: number } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new ApiRefused(413, "Workspace leads no request of more than 1 MiB.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiRefused(400, "Workspace leads only requests in JSON.");
  }
}

function answer(
  response: ServerResponse,
  status: number,
  text: string,
  type = "application/json; charset=utf-8",
): void {
  response.writeHead(status, { "content-type": type, connection: "close" }).end(text);
}

function refuse(response: ServerResponse, error: unknown, host: string): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  if (error instanceof ApiRefused) return answer(response, error.status, JSON.stringify({ message: error.message }));
  const next = isWsError(error) && error.next !== undefined ? ` ${error.next}` : "";
  const why = error instanceof Error ? error.message : String(error);
  const message = isWsError(error)
    ? `Workspace cannot log in: ${why}${next}`
    : `Workspace cannot reach ${host}: ${why}.`;
  answer(response, isWsError(error) ? 403 : 502, JSON.stringify({ message }));
}
