import { expect, onTestFinished, test, vi } from "vitest";
import { renew } from "./renew.ts";
import { keepTold, readTold } from "./told.ts";

/** The browser's storage of answers, as far as it is used. */
function giveCaches() {
  const kept = new Map<string, Response>();
  const cache = { put: async (path: string, response: Response) => void kept.set(path, response) };
  vi.stubGlobal("caches", {
    open: async () => cache,
    match: async (path: string) => kept.get(path)?.clone(),
  });
  onTestFinished(() => void vi.unstubAllGlobals());
}

const NEW = { endpoint: "https://fcm.googleapis.com/new", keys: { p256dh: "p", auth: "a" } };
const pushManager = (subscribed: unknown[]) => ({
  subscribe: async (options?: PushSubscriptionOptionsInit) => {
    subscribed.push(options);
    return { toJSON: () => NEW } as unknown as PushSubscription;
  },
});

test("What the browser has ended is made anew and told to the worker, and the one before is taken back", async () => {
  giveCaches();
  await keepTold({
    token: "mine",
    push: { endpoint: "https://fcm.googleapis.com/old", publicKey: "key", kinds: ["asks"] },
  });
  const [asked, subscribed]: unknown[][] = [[], []];
  const fetch = (async (url: string, { method, headers, body }: RequestInit) => {
    asked?.push([method, url, new Headers(headers).get("authorization"), JSON.parse(body as string)]);
    return Response.json({});
  }) as typeof globalThis.fetch;
  await renew({ pushManager: pushManager(subscribed ?? []), fetch });
  expect(subscribed).toEqual([{ userVisibleOnly: true, applicationServerKey: "key" }]);
  expect(asked).toEqual([
    ["PUT", "/api/notifications/subscription", "Bearer mine", { ...NEW, kinds: ["asks"] }],
    ["POST", "/api/notifications/unsubscribe", "Bearer mine", { endpoint: "https://fcm.googleapis.com/old" }],
  ]);
  expect(await readTold()).toEqual({
    token: "mine",
    push: { endpoint: NEW.endpoint, publicKey: "key", kinds: ["asks"] },
  });
});

test("Where nobody is told anything nothing is subscribed, and what the worker refuses is left to the next page", async () => {
  giveCaches();
  const subscribed: unknown[] = [];
  const refuse = (async () => new Response(null, { status: 401 })) as unknown as typeof fetch;
  await renew({ pushManager: pushManager(subscribed), fetch: refuse });
  await keepTold({ token: "mine" });
  await renew({ pushManager: pushManager(subscribed), fetch: refuse });
  expect(subscribed).toEqual([]);
  const push = { endpoint: "https://fcm.googleapis.com/old", publicKey: "key", kinds: ["asks"] };
  await keepTold({ token: "mine", push });
  await renew({ pushManager: pushManager(subscribed), fetch: refuse });
  expect((await readTold())?.push).toEqual(push);
});
