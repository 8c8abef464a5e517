/** What a browser keeps for its service worker, which sees nothing of what pages keep: as whom it answers, and what it is told. */
export interface Told {
  token: string;
  /** Where the worker sends it something while no page is open. */
  push?: Push | undefined;
}

interface Push {
  endpoint: string;
  /** Of the worker, with which the subscription was made. */
  publicKey: string;
  kinds: readonly string[];
}

const CACHE = "ws.told";
const PLACE = "/told";

/** Undefined where nobody is signed in who may be told anything. */
export async function readTold(): Promise<Told | undefined> {
  const kept = await caches.match(PLACE, { cacheName: CACHE });
  return kept === undefined ? undefined : ((await kept.json()) as Told);
}

export async function keepTold(told: Told): Promise<void> {
  await (await caches.open(CACHE)).put(PLACE, new Response(JSON.stringify(told)));
}

/** Also where there is no such storage, as over plain http. */
export async function forgetTold(): Promise<void> {
  await globalThis.caches?.delete(CACHE);
}
