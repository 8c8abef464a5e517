import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import { wireErrors } from "@ws/rpc-contract";
import { toWsError } from "@ws/workspace-core";
import { readJson } from "../http/body.ts";
import type { Transport } from "../http/gate.ts";
import { isForeign } from "../http/origins.ts";
import type { Failure } from "../terminals/failure.ts";
import { createNews } from "../terminals/news.ts";
import { explain, PAGES } from "./explain.ts";
import { COOKIE, keysOf, misframed } from "./headers.ts";
import type { PreviewAddress } from "./host.ts";
import type { Preview, PreviewKeys } from "./keys.ts";
import { enterPage, sendPage, sendPageOn, type Page } from "./pages.ts";
import type { Previews, PreviewsOptions } from "./previews.ts";
import { forward, upgrade, type Target } from "./proxy.ts";

/** Of one key: more than the pages of one person have open. */
const MOST_OPEN = 256;
/** A code and the name of its field. */
const LONGEST_BODY = 1_024;

export type Serving = Pick<Previews, "serve" | "upgrade">;

interface ServingOptions extends PreviewsOptions {
  keys: PreviewKeys;
  of: Previews["of"];
}

/** Answers what is for a preview: the page of a one-time link itself, the rest by the program in the workspace. */
export function createServing({ keys, of, isPrivate, state, workspaces, ...options }: ServingOptions): Serving {
  const { sessions, throttle, report } = options;
  const news = createNews();
  const open = new Map<string, number>();
  const find = (name: string): string | undefined => state.workspaces.getByName(name)?.id;

  /** What is said to whoever may not see it, before anything of the request is looked at. */
  function refused(request: IncomingMessage, transport: Transport): Page | undefined {
    const address = of(request);
    // A hub, and the socket of this machine's user, have other ways to a port.
    if (transport !== "tcp" || address === undefined || address === "malformed") return PAGES.malformed();
    const unclear = misframed(request);
    if (unclear !== undefined)
      return PAGES.refused(request.headers["transfer-encoding"] === undefined ? 400 : 501, unclear);
    if (!isPrivate(request.socket)) return overTls(request);
    return isForeign(named(request.headers), { document: true }) ? PAGES.foreign() : undefined;
  }

  function target(request: IncomingMessage, address: PreviewAddress): Target | Page {
    const found = keysOf(request).flatMap((key) => {
      const preview = keys.open(key);
      return preview?.port === address.port && preview.name === address.workspace ? [preview] : [];
    });
    const preview = found.find(({ workspace }) => workspace === find(address.workspace));
    if (preview === undefined) return found.length === 0 ? PAGES.unknown(address) : PAGES.gone(address);
    const { caller } = preview;
    // Of a page that goes on asking by itself nobody knows whether somebody is there.
    if (request.headers["sec-fetch-mode"] === "navigate" && caller.token !== undefined) sessions.use(caller.token.id);
    return {
      gone: preview.gone,
      secure: isSecure(request),
      connect: (signal) => connect(preview, address, signal),
      explain: (error) =>
        explain(error, address, {
          listening: async () => (await workspaces()).ports.list(address.workspace),
          report: (unexpected) => shown(unexpected, preview),
        }),
    };
  }

  async function connect({ caller, workspace, port }: Preview, address: PreviewAddress, signal: AbortSignal) {
    const tell = (outcome: string): void => {
      if (!news.tell([caller.who, workspace, `port ${port}`], outcome)) return;
      const details = { port: String(port) };
      state.audit.append({ who: caller.who, action: "preview", target: address.workspace, outcome, details });
    };
    try {
      const { policies, ports } = await workspaces();
      policies.demandExecute(address.workspace, { terminal: true }, caller.policy);
      const channel = await ports.connect(address.workspace, port, signal);
      tell("ok");
      return channel;
    } catch (error) {
      if (!signal.aborted) tell(toWsError(error).code);
      throw error;
    }
  }

  function shown(error: unknown, { workspace }: Preview): Failure & { status: number } {
    const { code, message, data } = report(toWsError(error), workspace);
    const { status } = wireErrors[code];
    return { status, message, code: data.code, ...(data.next === undefined ? {} : { next: data.next }) };
  }

  async function counted(request: IncomingMessage, work: () => Promise<void>, crowded: () => void): Promise<void> {
    const [key = ""] = keysOf(request);
    const count = open.get(key) ?? 0;
    if (count >= MOST_OPEN) return crowded();
    open.set(key, count + 1);
    try {
      await work();
    } finally {
      const left = (open.get(key) ?? 1) - 1;
      if (left === 0) open.delete(key);
      else open.set(key, left);
    }
  }

  async function enter(request: IncomingMessage, response: ServerResponse, address: PreviewAddress): Promise<void> {
    if (request.method === "GET" || request.method === "HEAD") {
      const { headers, body } = enterPage();
      response.writeHead(200, headers);
      return void response.end(request.method === "HEAD" ? undefined : body);
    }
    const answer = (status: number, message: string, headers: Record<string, string> = {}): void => {
      const body = status === 204 ? undefined : JSON.stringify({ message });
      response.writeHead(status, { "cache-control": "no-store", "content-type": "application/json", ...headers });
      response.end(body);
    };
    if (request.method !== "POST")
      return answer(405, "This address is used with GET and POST.", { allow: "GET, HEAD, POST" });
    if (isForeign(request.headers, { document: false })) return answer(403, "Pages of other sites let nobody in.");
    // Counted for each workspace by itself: its program can have the browser send wrong ones, and must lock nobody out of anything else.
    const peer = `preview ${request.socket.remoteAddress ?? "unknown"} ${find(address.workspace) ?? ""}`;
    const seconds = throttle.wait(peer);
    if (seconds > 0)
      return answer(429, `Too many wrong links of this workspace were opened from this address. Wait ${seconds} s.`, {
        "retry-after": String(seconds),
      });
    const body = await readJson(request, LONGEST_BODY);
    if ("refusal" in body) return answer(body.refusal.status, body.refusal.message);
    const { code } = (body.value ?? {}) as { code?: unknown };
    const key = keys.spend(typeof code === "string" ? code : "", {
      workspace: find(address.workspace),
      port: address.port,
    });
    if (key === undefined) {
      throttle.fail(peer);
      return answer(
        401,
        `This link was used already or is older than a minute. Make a new one: ws open ${address.workspace} ${address.port}`,
      );
    }
    const secure = isSecure(request);
    const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
    answer(204, "", { "set-cookie": `${secure ? COOKIE.secure : COOKIE.plain}=${key}; ${attributes}` });
  }

  return {
    async serve(request, response, transport) {
      const page = refused(request, transport);
      if (page !== undefined) return sendPage(request, response, page);
      const address = of(request) as PreviewAddress;
      const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
      if (path === "/.ws/enter") return enter(request, response, address);
      const to = target(request, address);
      if ("title" in to) return sendPage(request, response, to);
      await counted(
        request,
        () => forward(request, response, to),
        () => sendPage(request, response, PAGES.crowded()),
      );
    },
    async upgrade(request, socket, head, transport) {
      const address = of(request) as PreviewAddress;
      const to = refused(request, transport) ?? target(request, address);
      if ("title" in to) return sendPageOn(request, socket, to);
      await counted(
        request,
        () => upgrade(request, socket, head, to),
        () => sendPageOn(request, socket, PAGES.crowded()),
      );
    },
  };
}

/** Of a page that tells nobody where requests came from, its own forms are as nameless as another's; the browser says which. */
function named(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { origin, ...others } = headers;
  return origin === "null" && headers["sec-fetch-site"] === "same-origin" ? others : headers;
}

function isSecure({ socket }: IncomingMessage): boolean {
  return socket instanceof TLSSocket;
}

/** A person who typed the address is led on. What a program sent may have been read on its way. */
function overTls({ headers, method, url }: IncomingMessage): Page {
  const location = `https://${headers.host ?? ""}${url}`;
  const page = PAGES.refused(426, `This worker answers here over TLS only: https://${headers.host ?? ""}`);
  return method === "GET"
    ? { ...page, status: 308, headers: { location } }
    : { ...page, headers: { upgrade: "TLS/1.2" } };
}
