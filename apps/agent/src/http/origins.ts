import type { IncomingHttpHeaders } from "node:http";

/** Whether a page of another site could have sent this. Programs send neither header. */
export function isForeign(headers: IncomingHttpHeaders, options: { document: boolean }): boolean {
  const { origin, host } = headers;
  if (origin !== undefined && !sameHost(origin, host)) return true;
  const site = headers["sec-fetch-site"];
  if (site === undefined || site === "none" || site === "same-origin") return false;
  // A link on another site may lead here, to a page that does nothing by being opened; never into a frame.
  const followed = headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
  return !(options.document && followed && origin === undefined);
}

/** Browsers always send one of these; nothing on this machine's socket has a reason to. */
export function isBrowser(headers: IncomingHttpHeaders): boolean {
  return headers.origin !== undefined || Object.keys(headers).some((name) => name.startsWith("sec-fetch-"));
}

function sameHost(origin: string, host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(origin)) return false;
  const url = new URL(origin);
  return (url.protocol === "http:" || url.protocol === "https:") && url.host === withoutDefaultPort(url, host);
}

/** `URL.host` leaves out the scheme's default port, a Host header may carry it. */
function withoutDefaultPort(url: URL, host: string): string {
  return URL.parse(`${url.protocol}//${host}`)?.host ?? host;
}
