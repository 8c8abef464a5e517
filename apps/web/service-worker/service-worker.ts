import { answer } from "./answer.ts";
import { newsOf, optionsOf, type Kept, type News } from "./news.ts";
import { renew } from "./renew.ts";
import { readTold } from "./told.ts";

/**
 * Keeps the page itself, so that it opens where the worker cannot be reached, and says so in its own words. It keeps nothing
 * that anybody has made: what the agent answers is never stored.
 */

// The build of the web app puts in what the first page is made of; hashed names make another list of another build.
declare const SHELL: readonly string[];
const worker = self as unknown as ServiceWorkerGlobalScope;

const CACHE = "ws.shell";
/** The start page, whatever its address is; each page of the app is the same document. */
const PAGE = "/";
/** A network that says nothing for so long is as good as none. */
const PATIENCE_MS = 4_000;
/** What proxies answer in the place of an agent that does not. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);
/** What is asked of the agent, and no page of the app. */
const NO_PAGE = /^\/(?:api|rpc|files|terminal|mcp|health|metrics|on)(?:\/|$)/;

worker.addEventListener("install", (event) => {
  event.waitUntil(keepShell());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(worker.clients.claim());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== worker.location.origin || request.method !== "GET") return;
  if (request.mode === "navigate" && !NO_PAGE.test(pathname)) event.respondWith(agentsOrKept(request, PAGE));
  else if (!SHELL.includes(pathname)) return;
  else event.respondWith(pathname.startsWith("/assets/") ? keptOrAgents(request) : agentsOrKept(request, pathname));
});

async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  // Past the browser's own cache: what is kept here is what the agent has now.
  await cache.addAll([PAGE, ...SHELL].map((path) => new Request(path, { cache: "reload" })));
  const wanted = new Set([PAGE, ...SHELL]);
  for (const { url } of await cache.keys()) if (!wanted.has(new URL(url).pathname)) await cache.delete(url);
  await worker.skipWaiting();
}

/** The agent's answer, so that an update is seen at once; what is kept where the agent says nothing, or a proxy before it says that. */
async function agentsOrKept(request: Request, path: string): Promise<Response> {
  const kept = () => caches.match(path, { cacheName: CACHE });
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return AWAY.has(answer.status) ? ((await kept()) ?? answer) : answer;
  } catch (error) {
    const page = await kept();
    if (page === undefined) throw error;
    return page;
  }
}

/** Of a file whose name changes with its content. */
async function keptOrAgents(request: Request): Promise<Response> {
  return (await caches.match(request, { cacheName: CACHE })) ?? fetch(request);
}

worker.addEventListener("push", (event) => {
  event.waitUntil(told(event.data));
});

// A page that is open, and out of sight, tells here too: only what the service worker shows can have buttons, and phones show nothing else.
worker.addEventListener("message", (event) => {
  const { type, news } = event.data as { type?: unknown; news?: unknown };
  const given = newsOf(news);
  if (type === "tell" && given !== undefined) event.waitUntil(show(given));
});

worker.addEventListener("notificationclick", (event) => {
  const { notification, action } = event;
  notification.close();
  event.waitUntil(action === "" ? lead(keptBy(notification).path) : press(notification, action));
});

// Not in what TypeScript knows of every browser.
worker.addEventListener("pushsubscriptionchange" as "push", (event) => {
  event.waitUntil(renew({ pushManager: worker.registration.pushManager, fetch: ask }));
});

/** For this browser only: whoever looks at the dashboard sees it there. */
async function told(data: PushMessageData | null): Promise<void> {
  const news = data === null ? undefined : newsOf(data.json());
  if (news === undefined) return;
  // One of another worker, or of who only watches, does not show what waits here.
  const pages = (await worker.clients.matchAll({ type: "window" })).filter(({ url }) => shows(url, ""));
  if (pages.some((page) => page.visibilityState === "visible" && page.focused)) return;
  await show(news);
}

async function show(news: News): Promise<void> {
  if (!("over" in news)) return worker.registration.showNotification(news.title, optionsOf(news));
  for (const notification of await worker.registration.getNotifications({ tag: news.tag })) notification.close();
}

/** Answers what was shown; where that does not do, it says so in its place. */
async function press(notification: Notification, action: string): Promise<void> {
  const { path, asks } = keptBy(notification);
  if (asks === undefined) return lead(path);
  const answered = await answer(asks, action, { fetch: ask, told: readTold });
  if (answered.kind === "answered") return;
  const { title, tag } = notification;
  const { why, mayTryAgain } = answered;
  await show({ tag, title, body: why, path, asks: mayTryAgain ? asks : undefined });
}

function ask(...given: Parameters<typeof fetch>): Promise<Response> {
  return fetch(...given);
}

/** To a page of the dashboard of the same worker: of one that is open, or a new one. */
async function lead(path: string): Promise<void> {
  const pages = await worker.clients.matchAll({ type: "window" });
  const page = pages.find(({ url }) => shows(url, workerOf(path)));
  if (page === undefined) return void (await worker.clients.openWindow(path));
  await page.focus();
  // The page goes there by itself, so that nothing that is open in it is lost.
  page.postMessage({ type: "lead", path: path.slice(workerOf(path).length) });
}

/** Whether a page at this address is of this worker's dashboard; who watches a terminal by a link sees nothing else. */
function shows(url: string, of: string): boolean {
  const { pathname } = new URL(url);
  return workerOf(pathname) === of && !/^(?:\/@[^/]+)?\/watch\//.test(pathname);
}

/** What the addresses of a worker's pages at its hub begin with; nothing for the hub's own. */
function workerOf(path: string): string {
  return /^\/@[^/]+/.exec(path)?.[0] ?? "";
}

function keptBy({ data }: Notification): Kept {
  return data as Kept;
}
