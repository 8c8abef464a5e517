import type { NotificationKind } from "@ws/rpc-contract";
import { keepTold, readTold } from "../../service-worker/told.ts";
import type { Services } from "../client.ts";

/** Why this browser cannot be told anything. */
export type Obstacle = "insecure" | "unsupported" | "install" | "denied";

/** What is in the way in this browser; undefined where it can be told. */
export function obstacle(): Obstacle | undefined {
  if (!window.isSecureContext) return "insecure";
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) {
    // Safari on iOS has it for what was put on the home screen only.
    return "standalone" in navigator && navigator.standalone !== true ? "install" : "unsupported";
  }
  return Notification.permission === "denied" ? "denied" : undefined;
}

type Hub = Services["hub"];

/** What this browser is told; nothing where it is told nothing. */
export async function toldKinds(hub: Hub, signal: AbortSignal): Promise<NotificationKind[]> {
  const subscription = await current();
  if (subscription === null) return [];
  const { kinds = [] } = await hub.notifications.show.call({ endpoint: subscription.endpoint }, { signal });
  return kinds;
}

/**
 * Asks the person where that was not done; rejects where they refuse, or the browser's push service cannot be reached. `token` is
 * whose caller is told.
 */
export async function tell(hub: Hub, token: string, kinds: readonly NotificationKind[]): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted")
    throw new Error("The browser was told not to show notifications.");
  const { publicKey } = await hub.notifications.key.call();
  const subscription = await subscribe(publicKey);
  const { endpoint = "", keys } = subscription.toJSON();
  const { p256dh = "", auth = "" } = keys ?? {};
  await hub.notifications.subscribe.call({ endpoint, keys: { p256dh, auth }, kinds: [...kinds] });
  await keepTold({ token, push: { endpoint, publicKey, kinds } });
}

/**
 * Has the service worker answer as this caller, and goes on with what this browser was told before: where its subscription is gone,
 * or was another token's that has ended. It asks nobody anything.
 */
export async function keepUp(hub: Hub, token: string): Promise<void> {
  const { push } = (await readTold()) ?? {};
  await keepTold({ token, push });
  if (push === undefined) return;
  const subscription = await current();
  const isSame = subscription?.endpoint === push.endpoint;
  const { kinds } = isSame ? await hub.notifications.show.call({ endpoint: push.endpoint }) : {};
  if (kinds === undefined) await tell(hub, token, push.kinds as NotificationKind[]);
}

export async function tellNothing(hub: Hub, token: string): Promise<void> {
  await keepTold({ token });
  const subscription = await current();
  if (subscription === null) return;
  await hub.notifications.unsubscribe.call({ endpoint: subscription.endpoint });
  await subscription.unsubscribe();
}

/** Somebody signs out of this browser: what is sent to it from now on reaches nobody, also where the worker cannot be asked to stop. */
export async function forget(): Promise<void> {
  await (await current())?.unsubscribe();
}

export async function sendTest(hub: Hub): Promise<void> {
  const subscription = await current();
  if (subscription !== null) await hub.notifications.test.call({ endpoint: subscription.endpoint });
}

async function current(): Promise<PushSubscription | null> {
  const found = await navigator.serviceWorker?.getRegistration();
  return found?.pushManager?.getSubscription() ?? null;
}

/** Rejects where the browser keeps no service worker: its storage is full or forbidden, or the page's certificate is one that it was only told to accept. */
async function registration(): Promise<ServiceWorkerRegistration> {
  const { serviceWorker } = navigator;
  const found = (await serviceWorker.getRegistration()) ?? (await serviceWorker.register("/sw.js").catch(unkept));
  const coming = found.installing ?? found.waiting;
  if (found.active !== null || coming === null) return found;
  await new Promise<void>((resolve, reject) => {
    const look = () => {
      if (coming.state === "activated") resolve();
      else if (coming.state === "redundant") reject(notKept());
    };
    coming.addEventListener("statechange", look);
    look();
  });
  return found;
}

function unkept(): never {
  throw notKept();
}

function notKept(): Error {
  return new Error(
    "This browser does not keep the dashboard, so nothing can reach it while no page is open. Its storage is full or forbidden, as in a private window, or it does not trust the worker's certificate.",
  );
}

/** One that was made with another worker's key, as before a restore, is of no use: it is made anew. */
async function subscribe(publicKey: string): Promise<PushSubscription> {
  const { pushManager } = await registration();
  const options = { userVisibleOnly: true, applicationServerKey: publicKey };
  try {
    return await pushManager.subscribe(options);
  } catch (error) {
    const before = await pushManager.getSubscription();
    if (before === null) throw error;
    await before.unsubscribe();
    return pushManager.subscribe(options);
  }
}
