import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rename, rm, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { makeCertificates } from "./certificates.ts";
import type { GitServer } from "./git-server.ts";

/** Git LFS of a git server's repositories, with objects in a store of its own that takes no login but a key for each transfer. */
export interface LfsServer extends AsyncDisposable {
  /** `https://HOST:PORT` of the store. */
  readonly store: string;
  /** The authority that signed the store's certificate, as PEM. */
  readonly ca: string;
  /** With what all the keys begin that the store is to be shown. */
  readonly mark: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly LfsRequest[];
  readonly locks: readonly { id: string; path: string }[];
  /** Serves Git LFS of a repository that the git server has. */
  serve(name: string, auth?: (user: string, password: string) => boolean): void;
  /** Puts an object into the store; resolves to the text of its pointer. */
  put(content: string | Uint8Array): Promise<string>;
  has(oid: string): Promise<boolean>;
  faults: LfsFaults;
}

export interface LfsRequest {
  at: "forge" | "store";
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
}

/** What the server does instead; undone by deleting it. */
export interface LfsFaults {
  /** Answers the forge's part. */
  forge?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Answers the store's part. */
  store?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Whether what is said of a transfer is all that its store wants; it is where absent. */
  authenticated?: boolean;
  /** Changes what is said of one transfer. */
  action?: (kind: string, action: Record<string, unknown>) => Record<string, unknown>;
}

const TYPE = "application/vnd.git-lfs+json";

export async function startLfsServer(git: GitServer, host = "127.0.0.1"): Promise<LfsServer> {
  const directory = await mkdtemp(join(tmpdir(), "ws-lfs-server-"));
  const { ca, cert, key } = await makeCertificates(directory, []);
  const mark = randomBytes(12).toString("hex");
  const keys: string[] = [];
  const requests: LfsRequest[] = [];
  const locks: { id: string; path: string; locked_at: string; owner: { name: string } }[] = [];
  const faults: LfsFaults = {};
  const pathOf = (oid: string): string => join(directory, oid);
  const has = (oid: string): Promise<boolean> =>
    stat(pathOf(oid)).then(
      () => true,
      () => false,
    );

  const server = createServer({ cert, key }, (request, response) => {
    atStore(request, response).catch(() => response.destroy());
  });
  server.requestTimeout = 0;
  server.listen(0, host);
  await once(server, "listening");
  const store = `https://${host}:${(server.address() as AddressInfo).port}`;

  async function atStore(request: IncomingMessage, response: ServerResponse): Promise<void> {
    see("store", request);
    if (faults.store?.(request, response) === true) return;
    const { method, url = "", headers } = request;
    const [, what, oid = ""] = /^\/(objects|verify)\/([0-9a-f]{64})$/.exec(url) ?? [];
    const isKnown = keys.includes(String(headers["x-store-key"]));
    if (what === undefined || !isKnown || headers.authorization !== undefined) return end(response, 403);
    if (what === "verify") {
      const { size } = JSON.parse(await textOf(request)) as { size: number };
      return end(response, (await sizeOf(oid)) === size ? 200 : 422);
    }
    if (method === "PUT") return take(request, response, oid);
    const size = await sizeOf(oid);
    if (size === undefined) return end(response, 404);
    const start = Number(/^bytes=(\d+)-/.exec(headers.range ?? "")?.[1] ?? 0);
    const part = start === 0 ? {} : { "content-range": `bytes ${start}-${size - 1}/${size}` };
    response.writeHead(start === 0 ? 200 : 206, { "content-length": size - start, ...part });
    await pipeline(createReadStream(pathOf(oid), { start }), response);
  }

  async function take(request: IncomingMessage, response: ServerResponse, oid: string): Promise<void> {
    const temporary = `${pathOf(oid)}.${randomBytes(4).toString("hex")}`;
    const hash = createHash("sha256");
    request.on("data", (chunk: Buffer) => hash.update(chunk));
    await pipeline(request, createWriteStream(temporary));
    if (hash.digest("hex") !== oid) return end(response, 422);
    await rename(temporary, pathOf(oid));
    end(response, 200);
  }

  async function atForge(
    request: IncomingMessage,
    response: ServerResponse,
    auth?: (user: string, password: string) => boolean,
  ): Promise<void> {
    see("forge", request);
    if (faults.forge?.(request, response) === true) return;
    const [, given = ""] = /^basic (\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    const [, user = "", password = ""] = /^([^:]*):(.*)$/.exec(Buffer.from(given, "base64").toString()) ?? [];
    if (auth?.(user, password) === false) {
      response.setHeader("LFS-Authenticate", 'Basic realm="test"');
      return end(response, 401, { message: "Credentials are needed." });
    }
    const [, asked = ""] = /\/info\/lfs\/([^?]*)/.exec(request.url ?? "") ?? [];
    const text = await textOf(request);
    const body = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
    if (asked === "objects/batch") return batch(body as unknown as Batch, response);
    if (asked === "locks" && request.method === "GET") return end(response, 200, { locks });
    if (asked === "locks/verify") return end(response, 200, { ours: locks, theirs: [] });
    if (asked === "locks") {
      const lock = {
        id: randomBytes(4).toString("hex"),
        path: String(body["path"]),
        locked_at: new Date().toISOString(),
        owner: { name: user },
      };
      locks.push(lock);
      return end(response, 201, { lock });
    }
    const index = locks.findIndex(({ id }) => asked === `locks/${id}/unlock`);
    if (index === -1) return end(response, 404, { message: "There is no such lock." });
    const [lock] = locks.splice(index, 1);
    end(response, 200, { lock });
  }

  async function batch({ operation, objects }: Batch, response: ServerResponse): Promise<void> {
    const answered = await Promise.all(
      objects.map(async ({ oid, size }) => {
        const isThere = await has(oid);
        if (operation === "upload" && isThere) return { oid, size };
        if (operation === "download" && !isThere) return { oid, size, error: { code: 404, message: "Not here." } };
        const actions =
          operation === "download"
            ? { download: say("download", oid) }
            : { upload: say("upload", oid), verify: say("verify", oid) };
        return { oid, size, authenticated: faults.authenticated ?? true, actions };
      }),
    );
    end(response, 200, { transfer: "basic", objects: answered });
  }

  function say(kind: "download" | "upload" | "verify", oid: string): Record<string, unknown> {
    const storeKey = mark + randomBytes(20).toString("hex");
    keys.push(storeKey);
    const href = `${store}/${kind === "verify" ? "verify" : "objects"}/${oid}`;
    const action = { href, header: { "X-Store-Key": storeKey }, expires_in: 600 };
    return faults.action?.(kind, action) ?? action;
  }

  function see(at: LfsRequest["at"], { method = "", url = "", headers }: IncomingMessage): void {
    requests.push({ at, method, url, headers });
  }

  async function sizeOf(oid: string): Promise<number | undefined> {
    return stat(pathOf(oid)).then(
      ({ size }) => size,
      () => undefined,
    );
  }

  return {
    store,
    ca,
    mark,
    requests,
    locks,
    faults,
    has,
    serve(name, auth) {
      git.intercept(`/${name}.git/info/lfs/`, (request, response) => {
        atForge(request, response, auth).catch(() => response.destroy());
      });
    },
    async put(content) {
      const bytes = Buffer.from(content);
      const oid = createHash("sha256").update(bytes).digest("hex");
      const file = createWriteStream(pathOf(oid));
      file.end(bytes);
      await once(file, "close");
      return pointerOf(oid, bytes.length);
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

interface Batch {
  operation: "download" | "upload";
  objects: readonly { oid: string; size: number }[];
}

function pointerOf(oid: string, size: number): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n`;
}

function end(response: ServerResponse, status: number, value?: object): void {
  response.writeHead(status, { "Content-Type": TYPE }).end(value === undefined ? "" : JSON.stringify(value));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text;
}
