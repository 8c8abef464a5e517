import { existsSync } from "node:fs";
import { join } from "node:path";
import type { IncomingMessage, ServerResponse } from "node:http";
import sirv from "sirv";

export type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** The built web app: hashed assets cached for ever, everything else checked each time, unknown paths its start page. */
export function createStaticApp(directory: string): Serve {
  if (!existsSync(join(directory, "index.html"))) return notBuilt;
  const serve = sirv(directory, {
    single: true,
    etag: true,
    gzip: true,
    setHeaders(response, pathname) {
      const cache = pathname.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
      response.setHeader("cache-control", cache);
    },
  });
  return (request, response) => serve(request, response, () => notFound(response));
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
