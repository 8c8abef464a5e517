import type { OpenPairing } from "./pairing-here.ts";

/** Where the page stands: its origin, and which worker behind it it is about. */
interface Here {
  origin: string;
  worker: string | undefined;
}

/**
 * What another device opens. Where this page was reached from elsewhere, its own address leads others here too, through
 * whatever stands before the worker; undefined where the worker answers its own machine only.
 */
export function linkForOthers({ link, reach }: Pick<OpenPairing, "link" | "reach">, { origin, worker }: Here) {
  if (worker === undefined && !isLoopback(new URL(origin).hostname)) return `${origin}/${new URL(link).hash}`;
  return reach === "network" ? link : undefined;
}

/** What is typed on the other device. */
export function commandForOthers(link: string, code: string): string {
  const { host, origin, port } = new URL(link);
  // Without a port the command line means the worker's own, and not that of a proxy before it.
  const worker = port === "" ? origin : host.replace(/:7391$/, "");
  return `ws pair ${worker} ${code}`;
}

function isLoopback(hostname: string): boolean {
  return /^(?:127\.|\[::1\]$|(?:.*\.)?localhost$)/.test(hostname);
}
