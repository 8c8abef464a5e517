import { keepTold, readTold } from "./told.ts";

interface Means {
  pushManager: Pick<PushManager, "subscribe">;
  fetch: typeof fetch;
}

/**
 * The browser has ended its subscription, as it may at any time: it is made anew and told to the worker, without anybody who
 * opens a page. A page that is opened later sees to it where this fails.
 */
export async function renew({ pushManager, fetch }: Means): Promise<void> {
  const told = await readTold();
  if (told?.push === undefined) return;
  const { token, push } = told;
  const { endpoint: before, publicKey, kinds } = push;
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
  const { endpoint = "", keys = {} } = subscription.toJSON();
  const { p256dh = "", auth = "" } = keys;
  const answer = await call("PUT", "subscription", { endpoint, keys: { p256dh, auth }, kinds });
  if (!answer.ok) return;
  await keepTold({ token, push: { endpoint, publicKey, kinds } });
  if (before !== endpoint) await call("POST", "unsubscribe", { endpoint: before });

  function call(method: string, what: string, body: object): Promise<Response> {
    return fetch(`/api/notifications/${what}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  }
}
