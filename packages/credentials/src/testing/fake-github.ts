import { randomBytes, verify, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeInstallation {
  id: number;
  permissions: Record<string, string>;
  /** Full names. */
  repositories: string[];
  suspended?: boolean;
}

/** What happens to the next request whose `METHOD /path` begins so. */
export interface Fault {
  request: string;
  /** 0 cuts the connection. */
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The parts of a GitHub that give tokens, on loopback over http, with signatures, pages and a clock of its own. */
export interface FakeGitHub extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/api/v3`; logins are at its origin. */
  readonly apiUrl: string;
  installations: FakeInstallation[];
  /** How far its clock is ahead of this machine's. */
  clockOffsetMs: number;
  sendsDate: boolean;
  /** Whether it says which installation a repository belongs to. */
  answersDirectly: boolean;
  tokenLifeMs: number;
  /** Tokens of people that it takes, and whose they are. */
  readonly people: Map<string, { login: string; headers?: Record<string, string> }>;
  faults: Fault[];
  /** `METHOD /path` of all it was asked, in order. */
  readonly requests: string[];
  /** Installation tokens that are good now, with what they may do. */
  readonly tokens: Map<string, { installation: number; repositories: string[]; permissions: Record<string, string> }>;
  readonly device: FakeDevice;
}

/** A login by device code. */
export interface FakeDevice {
  /** What each further poll is answered with; the last one stays. */
  answers: Record<string, unknown>[];
  interval: number;
  /** The forms it was sent. */
  readonly forms: Record<string, string>[];
}

export interface FakeGitHubOptions {
  appId: string;
  publicKey: KeyObject;
}

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export async function startFakeGitHub({ appId, publicKey }: FakeGitHubOptions): Promise<FakeGitHub> {
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const fake: FakeGitHub = {
    apiUrl: `http://127.0.0.1:${port}/api/v3`,
    installations: [],
    clockOffsetMs: 0,
    sendsDate: true,
    answersDirectly: true,
    tokenLifeMs: 60 * 60_000,
    people: new Map(),
    faults: [],
    requests: [],
    tokens: new Map(),
    device: { answers: [], interval: 5, forms: [] },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const now = (): number => Date.now() + fake.clockOffsetMs;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", fake.apiUrl);
    const path = pathname.replace(/^\/api\/v3/, "");
    const asked = `${request.method} ${path}`;
    fake.requests.push(asked);
    const body = await readBody(request);
    response.sendDate = false;
    if (fake.sendsDate) response.setHeader("date", new Date(now()).toUTCString());
    const fault = fake.faults.find((candidate) => asked.startsWith(candidate.request));
    if (fault !== undefined) {
      fake.faults = fake.faults.filter((other) => other !== fault);
      if (fault.status === 0) request.socket.destroy();
      else answer(response, fault.status, fault.body ?? { message: "A fault" }, fault.headers);
      return;
    }
    try {
      const page = Number(searchParams.get("page") ?? 1);
      const given = request.headers.authorization ?? "";
      const { status = 200, data, headers } = handle(asked, { path, page, given, body });
      answer(response, status, data, headers);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answer(response, error.status, { message: error.message, documentation_url: "https://docs.github.test" });
    }
  }

  function handle(asked: string, { path, page, given, body }: Asked): Answer {
    const parts = path.split("/").slice(1).map(decodeURIComponent);
    if (asked === "POST /login/device/code") return deviceCode(body);
    if (asked === "POST /login/oauth/access_token") return poll(body);
    if (asked === "GET /user") return person(given);
    if (asked.startsWith("GET /users/")) return { data: { login: parts[1], id: 4242 } };
    if (asked === "DELETE /installation/token") {
      requireToken(given);
      fake.tokens.delete(secretIn(given));
      return { status: 204, data: undefined };
    }
    if (asked === "GET /installation/repositories") {
      const { installation } = requireToken(given);
      const names = fake.installations.find(({ id }) => id === installation)?.repositories ?? [];
      return { data: { total_count: names.length, repositories: pageOf(names, page).map(repositoryOf) } };
    }
    requireApp(given);
    if (asked === "GET /app") return { data: { id: Number(appId), slug: "helper" } };
    if (asked === "GET /app/installations") return { data: pageOf(fake.installations, page).map(listed) };
    if (parts[0] === "repos" && parts[3] === "installation")
      return { data: listed(directly(`${parts[1]}/${parts[2]}`)) };
    if (parts[1] === "installations" && parts[3] === "access_tokens") return newToken(Number(parts[2]), body);
    throw new Refusal(404, "Not Found");
  }

  function directly(name: string): FakeInstallation {
    const found = fake.installations.find(({ repositories }) => repositories.includes(name));
    if (found === undefined || !fake.answersDirectly) throw new Refusal(404, "Not Found");
    return found;
  }

  function newToken(id: number, body: Record<string, unknown>): Answer {
    const installation = fake.installations.find((candidate) => candidate.id === id);
    if (installation === undefined) throw new Refusal(404, "Not Found");
    if (installation.suspended === true) throw new Refusal(403, "This installation has been suspended");
    const { repositories, repository_ids: ids, permissions } = body as TokenBody;
    const names = [
      ...(repositories ?? []),
      ...(ids ?? []).map((wanted) => installation.repositories.find((name) => idOf(name) === wanted) ?? "?"),
    ].map((name) => name.split("/").at(-1) ?? "");
    const known = new Set(installation.repositories.map((name) => name.split("/").at(-1)));
    if (!names.every((name) => known.has(name))) {
      throw new Refusal(
        422,
        "There is at least one repository that does not exist or is not accessible to the parent installation.",
      );
    }
    const granted = Object.entries(permissions ?? installation.permissions);
    const mayHave = ([name, level]: [string, string]): boolean =>
      name === "metadata" || installation.permissions[name] === level || installation.permissions[name] === "write";
    if (!granted.every(mayHave))
      throw new Refusal(422, "The permissions requested are not granted to this installation.");
    // As long as those that GitHub gives now.
    const token = `ghs_${randomBytes(120).toString("base64url")}`;
    fake.tokens.set(token, { installation: id, repositories: names, permissions: Object.fromEntries(granted) });
    const expires = new Date(now() + fake.tokenLifeMs).toISOString();
    return { status: 201, data: { token, expires_at: expires, permissions: Object.fromEntries(granted) } };
  }

  function requireToken(given: string) {
    const found = fake.tokens.get(secretIn(given));
    if (found === undefined) throw new Refusal(401, "Bad credentials");
    return found;
  }

  function requireApp(given: string): void {
    const [header = "", claims = "", signature = ""] = secretIn(given).split(".");
    const signed = verify("sha256", Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, "base64url"));
    if (!signed) throw new Refusal(401, "A JSON web token could not be decoded");
    const { iat, exp, iss } = JSON.parse(Buffer.from(claims, "base64url").toString()) as Record<
      string,
      number | string
    >;
    const seconds = now() / 1_000;
    if (String(iss) !== appId) throw new Refusal(404, "Integration not found");
    if (Number(exp) < seconds) {
      throw new Refusal(
        401,
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
      );
    }
    if (Number(exp) > seconds + 600) throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
    if (Number(iat) > seconds + 60) {
      throw new Refusal(
        401,
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
      );
    }
  }

  function person(given: string): Answer {
    const known = fake.people.get(secretIn(given));
    if (known !== undefined) return { data: { login: known.login, id: 7 }, headers: known.headers ?? {} };
    if (fake.tokens.has(secretIn(given))) throw new Refusal(403, "Resource not accessible by integration");
    throw new Refusal(401, "Bad credentials");
  }

  function deviceCode(form: Record<string, unknown>): Answer {
    fake.device.forms.push(form as Record<string, string>);
    const uri = `${new URL(fake.apiUrl).origin}/login/device`;
    const { interval } = fake.device;
    return {
      data: { device_code: "device", user_code: "ABCD-1234", verification_uri: uri, expires_in: 900, interval },
    };
  }

  function poll(form: Record<string, unknown>): Answer {
    fake.device.forms.push(form as Record<string, string>);
    const [next = { error: "authorization_pending" }] = fake.device.answers;
    if (fake.device.answers.length > 1) fake.device.answers.shift();
    return { data: next };
  }

  return fake;
}

interface Asked {
  path: string;
  page: number;
  given: string;
  body: Record<string, unknown>;
}

interface Answer {
  status?: number;
  data: unknown;
  headers?: Record<string, string>;
}

interface TokenBody {
  repositories?: string[];
  repository_ids?: number[];
  permissions?: Record<string, string>;
}

function listed({ id, permissions, repositories, suspended = false }: FakeInstallation) {
  return {
    id,
    permissions,
    account: { login: repositories[0]?.split("/")[0] ?? "nobody" },
    repository_selection: "selected",
    suspended_at: suspended ? "2026-01-02T03:04:05Z" : null,
  };
}

function repositoryOf(full: string) {
  return { id: idOf(full), name: full.split("/").at(-1), full_name: full, private: true, default_branch: "main" };
}

/** Any number that is the repository's own. */
function idOf(full: string): number {
  return Buffer.from(full).reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 7);
}

function pageOf<T>(items: readonly T[], page: number): T[] {
  return items.slice((page - 1) * 100, page * 100);
}

function secretIn(authorization: string): string {
  return authorization.replace(/^(?:bearer|token) /i, "");
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}

function answer(response: ServerResponse, status: number, data: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(data === undefined ? undefined : JSON.stringify(data));
}
