import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { makeCertificates } from "./certificates.ts";
import { serveWithBackend } from "./http-backend.ts";

export interface GitServer extends AsyncDisposable {
  /** `https://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly port: number;
  /** The private authority that signed its certificate, as PEM and as a file. */
  readonly ca: string;
  readonly caFile: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** Makes a repository; its name may hold folders. */
  create(name: string, options?: RepositoryOptions): Promise<ServedRepository>;
  /** Breaks the next push to a repository of this name, once; more of them in their order. */
  breakPush(name: string, fault: PushFault): void;
  /** Answers paths below this prefix itself, before any repository. */
  intercept(prefix: string, answer: (request: IncomingMessage, response: ServerResponse) => void): void;
  /** Breaks the connection in the middle of the packs that are asked for below this prefix, while `when` says so. */
  cut(prefix: string, when: () => boolean): void;
}

export interface SeenRequest {
  method: string;
  /** With the query. */
  url: string;
  host: string;
  /** Whether it carried an Authorization header. */
  authorized: boolean;
  /** 0 until answered. */
  status: number;
}

/** How the next push of a repository ends once so many bytes of it have come. */
export interface PushFault {
  afterBytes: number;
  /** A status to answer with before the connection is closed, or only that. */
  end: number | "close";
  text?: string;
  /** Done at that moment. */
  meanwhile?: () => void;
}

export interface RepositoryOptions {
  /** Content of the first commit on the default branch; absent means one README, `{}` an empty repository. */
  files?: Readonly<Record<string, string>>;
  /** Further branches, made from the default one, each with a file of its own name. */
  branches?: readonly string[];
  defaultBranch?: string;
  objectFormat?: "sha1" | "sha256";
  /** Basic authentication, for reading too. */
  auth?: { user: string; password: string } | ((user: string, password: string) => boolean);
  /** Lets anybody read all the same. */
  anonymousReads?: boolean;
  /** Whether it takes pushes (it does by default). */
  push?: boolean;
}

export interface ServedRepository {
  /** Ends in `.git`. */
  readonly url: string;
  /** The bare repository on disk. */
  readonly path: string;
  /** Runs git on the bare repository. */
  git(...argv: string[]): Promise<string>;
  /** The same, with this as its input. */
  gitWith(stdin: string, ...argv: string[]): Promise<string>;
}

/**
 * A real git server: `git http-backend` over HTTPS on loopback, with a certificate of an authority that only this server's
 * users know. `hosts` are further names for the certificate.
 */
export async function startGitServer(options: { hosts?: readonly string[]; host?: string } = {}): Promise<GitServer> {
  const directory = await mkdtemp(join(tmpdir(), "ws-git-server-"));
  const root = join(directory, "repositories");
  await mkdir(root);
  const { ca, caFile, cert, key } = await makeCertificates(directory, options.hosts ?? []);
  const repositories = new Map<string, RepositoryOptions>();
  const intercepts = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  const cuts = new Map<string, () => boolean>();
  const requests: SeenRequest[] = [];
  const faults = new Map<string, PushFault[]>();

  const server = createServer({ cert, key }, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  // A push of a large pack takes longer than a page's request may.
  server.requestTimeout = 0;
  const host = options.host ?? "127.0.0.1";
  server.listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const origin = `https://${host}:${port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? "/";
    const seen: SeenRequest = {
      method: request.method ?? "",
      url,
      host: request.headers.host ?? "",
      authorized: request.headers.authorization !== undefined,
      status: 0,
    };
    requests.push(seen);
    response.on("close", () => (seen.status = response.statusCode));
    const { pathname: escaped, search } = new URL(url, origin);
    const pathname = withEnding(decodeURIComponent(escaped));
    const intercepted = [...intercepts].find(([prefix]) => pathname.startsWith(prefix));
    if (intercepted) return intercepted[1](request, response);

    const name = /^\/(.+?\.git)(?:\/|$)/.exec(pathname)?.[1];
    const repository = name === undefined ? undefined : repositories.get(name);
    if (repository === undefined) return refuse(response, 404, "Repository not found.");
    if (!isAuthorized(repository, request)) {
      response.setHeader("WWW-Authenticate", 'Basic realm="test"');
      return refuse(response, 401, "Credentials are needed.");
    }
    if ([...cuts].some(([prefix, when]) => pathname.startsWith(prefix) && when())) cutPacks(response);
    if (request.method === "POST" && pathname.endsWith("/git-receive-pack")) {
      const fault = isProbe(request) ? undefined : faults.get(name ?? "")?.shift();
      if (fault !== undefined) return breakOff(request, response, fault);
    }
    const push = repository.push ?? true;
    const query = search.slice(1);
    await serveWithBackend(request, response, { root, path: pathname, query, push, user: push ? "tester" : undefined });
  }

  return {
    origin,
    port,
    ca,
    caFile,
    requests,
    async create(name, repository = {}) {
      const path = join(root, `${name}.git`);
      await fillRepository(path, repository);
      repositories.set(`${name}.git`, repository);
      return {
        url: `${origin}/${name}.git`,
        path,
        git: (...argv) => git(path, ...argv),
        gitWith: (stdin, ...argv) => gitWith(stdin, path, argv),
      };
    },
    breakPush(name, fault) {
      faults.set(`${name}.git`, [...(faults.get(`${name}.git`) ?? []), fault]);
    },
    intercept: (prefix, handler) => void intercepts.set(prefix, handler),
    cut: (prefix, when) => void cuts.set(prefix, when),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Forges take a repository's path without `.git`, too. */
function withEnding(path: string): string {
  return path.replace(/^(\/.+?)(\/info\/refs|\/git-(?:upload|receive)-pack)$/, (whole, name: string, rest: string) =>
    name.endsWith(".git") ? whole : `${name}.git${rest}`,
  );
}

function isAuthorized({ auth, anonymousReads }: RepositoryOptions, { headers, url }: IncomingMessage): boolean {
  if (auth === undefined) return true;
  if (anonymousReads === true && !/git-receive-pack/.test(url ?? "")) return true;
  const given = /^basic (\S+)$/i.exec(headers.authorization ?? "")?.[1];
  if (given === undefined) return false;
  const [, user = "", password = ""] = /^([^:]*):(.*)$/.exec(Buffer.from(given, "base64").toString()) ?? [];
  return typeof auth === "function" ? auth(user, password) : user === auth.user && password === auth.password;
}

/** Git asks with a lone flush whether it will be let in before it sends a large pack. */
function isProbe({ headers }: IncomingMessage): boolean {
  return headers["content-length"] === "4";
}

async function breakOff(request: IncomingMessage, response: ServerResponse, fault: PushFault): Promise<void> {
  let seen = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    seen += chunk.length;
    if (seen >= fault.afterBytes) break;
  }
  fault.meanwhile?.();
  if (fault.end === "close") return void request.socket.destroy();
  response.writeHead(fault.end, { "Content-Type": "text/plain" });
  response.end(fault.text ?? "Broken off by the test.\n");
  // As servers do, so that what was answered is read before the connection breaks.
  request.resume();
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "Content-Type": "text/plain" }).end(`${message}\n`);
}

/** Lets through what comes before a pack and its first bytes, and no more. */
function cutPacks(response: ServerResponse): void {
  const write = response.write.bind(response) as (chunk: Buffer) => boolean;
  response.write = (chunk: Buffer): boolean => {
    const pack = chunk.indexOf("PACK");
    if (pack === -1) return write(chunk);
    write(chunk.subarray(0, pack + 40));
    setImmediate(() => response.destroy());
    return true;
  };
}

async function fillRepository(path: string, options: RepositoryOptions): Promise<void> {
  const main = options.defaultBranch ?? "main";
  const files = options.files ?? { "README.md": "A repository of a test.\n" };
  await mkdir(path, { recursive: true });
  const format = `--object-format=${options.objectFormat ?? "sha1"}`;
  await git(path, "init", "--quiet", "--bare", format, `--initial-branch=${main}`);
  if (Object.keys(files).length === 0) return;
  const work = await mkdtemp(join(tmpdir(), "ws-git-fill-"));
  try {
    await git(work, "init", "--quiet", format, `--initial-branch=${main}`);
    await commit(work, files);
    for (const branch of options.branches ?? []) {
      await git(work, "checkout", "--quiet", "-b", branch, main);
      await commit(work, { [`${branch.replaceAll("/", "-")}.txt`]: `${branch}\n` });
    }
    await git(work, "push", "--quiet", path, "--all");
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function commit(work: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(work, name)), { recursive: true });
    await writeFile(join(work, name), content);
  }
  await git(work, "add", "--all");
  await git(work, "commit", "--quiet", "--message", `Add ${Object.keys(files).join(", ")}`);
}

function git(cwd: string, ...argv: string[]): Promise<string> {
  return gitWith("", cwd, argv);
}

async function gitWith(stdin: string, cwd: string, argv: readonly string[]): Promise<string> {
  const identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.test", "-c", "commit.gpgSign=false"];
  const env = { PATH: process.env["PATH"], GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
  const running = promisify(execFile)("git", [...identity, ...argv], { cwd, env, maxBuffer: 67_108_864 });
  // One that ends without reading it is not an error of ours.
  running.child.stdin?.on("error", () => undefined).end(stdin);
  return (await running).stdout;
}
