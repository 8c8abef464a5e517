import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { IncomingMessage, ServerResponse } from "node:http";
import sirv from "sirv";
import { contentSecurityPolicy } from "./headers.ts";

export type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** Stands in the start page where the nonce of each answer goes; the build of the web app writes it. */
const NONCE_PLACE = "__CSP_NONCE__";

/** The built web app: hashed assets cached for ever, everything else checked each time, unknown paths its start page. */
export function createStaticApp(directory: string): Serve {
  const startPage = join(directory, "index.html");
  if (!existsSync(startPage)) return notBuilt;
  const page = readFileSync(startPage, "utf8");
  const serve = sirv(directory, {
    etag: true,
    gzip: true,
    // Its start page is sent below, wherever it is asked for.
    extensions: [],
    setHeaders(response, pathname) {
      const cache = pathname.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
      response.setHeader("cache-control", cache);
    },
  });
  return (request, response) => {
    if (request.url === "/index.html") return sendPage(response, page);
    serve(request, response, () => (isFile(request.url ?? "/") ? notFound(response) : sendPage(response, page)));
  };
}

/** A name with an extension is of a file, and where that is not there no page is meant. */
function isFile(url: string): boolean {
  const [path = ""] = url.split("?", 1);
  return /\.\w+$/.test(path);
}

/** Its terminals and its editor make styles of their own: they show them with this answer's nonce, which no other content knows. */
function sendPage(response: ServerResponse, page: string): void {
  const nonce = randomBytes(16).toString("base64url");
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
    "content-security-policy": contentSecurityPolicy(`nonce-${nonce}`),
  });
  response.end(page.replaceAll(NONCE_PLACE, nonce));
}

function notBuilt(_request: IncomingMessage, response: ServerResponse): void {
  const page =
    "<!doctype html><meta charset=utf-8><title>Workspace</title><h1>The agent runs</h1>" +
    "<p>Its web app is not built. Run <code>npm run build</code> in the repository, then start the agent again. " +
    'The command line and the <a href="/api">API</a> work without it.';
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  response.end(page);
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { "content-type": "text/plain; charset=utf-8" });
  response.end("Nothing is here.\n");
}
