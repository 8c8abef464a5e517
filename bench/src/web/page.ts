import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { dirname, extname, join, normalize } from "node:path";
import type { AddressInfo } from "node:net";
import { chromium, type Page } from "@playwright/test";
import { playWorker, type Play } from "@ws/rpc-contract/testing";
import { NotAvailable } from "../not-available.ts";
import { paths, requireBuilt } from "../paths.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

export interface Dashboard extends AsyncDisposable {
  /** A page of its own for each, over a worker that is played; `fresh` sees it before anything is loaded. */
  open(play: Play, fresh?: (page: Page) => void): Promise<Page>;
}

/** The built dashboard in Chromium. Nothing answers behind it: what is measured is the page alone. */
export async function openDashboard(): Promise<Dashboard> {
  requireBuilt("web");
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) throw new NotAvailable("There is no Chromium (CHROMIUM=PATH)");
  await using undo = new AsyncDisposableStack();
  const folder = dirname(paths.web);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://page.invalid");
    const wanted = join(folder, normalize(pathname));
    const path = pathname !== "/" && existsSync(wanted) ? wanted : paths.web;
    response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream");
    createReadStream(path).pipe(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  undo.defer(() => void server.close());
  undo.defer(() => server.closeAllConnections());
  const browser = await chromium.launch({ executablePath });
  undo.defer(() => browser.close());
  const { port } = server.address() as AddressInfo;
  const kept = undo.move();
  return {
    async open(play, fresh) {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      fresh?.(page);
      await page.addInitScript(playWorker, play);
      await page.goto(`http://127.0.0.1:${port}/`);
      return page;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
