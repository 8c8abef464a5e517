import { WsError } from "@ws/workspace-core";

/** Hosts of push services: of Chrome and what is built from it, Firefox, Safari, Edge. A dot before one stands for every name below it. */
const KNOWN = ["fcm.googleapis.com", ".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com"];

/**
 * The address that a browser names is one that the worker then asks: only push services are, so that nobody reaches with it
 * what the worker's own network has. Throws `push_service_unknown`.
 */
export function demandPushService(endpoint: string, more: readonly string[]): void {
  const { protocol, host, hostname, username, password } = new URL(endpoint);
  const isPlain = protocol === "https:" && username === "" && password === "";
  const isKnown = [...KNOWN, ...more].some((known) =>
    known.startsWith(".") ? hostname.endsWith(known) : known === hostname || known === host,
  );
  if (isPlain && isKnown) return;
  throw new WsError("push_service_unknown", {
    data: { host },
    message: `'${host}' is no push service that this worker knows.`,
    next: `If it is the one of your browser, name it on the worker: ws config set notifications.services '["${hostname}"]'.`,
  });
}
