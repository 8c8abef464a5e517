import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { formatAuthority, parseAuthority } from "../../hosts.ts";
import { checkedAddresses } from "../forge/addresses.ts";
import { type Asked, askForge, askWithSecret, redirectOf } from "../forge/ask-forge.ts";
import { unreachable } from "../forge/refusals.ts";
import { RouteRefused } from "../protocol/routes.ts";
import type { LfsPassage, LfsPlace } from "./passage.ts";
import { showsOwn, type Transfer } from "./transfers.ts";

/** What is asked of a store, beside what the forge said that it wants to be shown. */
export interface Asking extends Pick<Asked, "method" | "headers" | "body"> {
  transfer: Transfer;
}

/** What describes the hop to the store, and not the object. */
const HOP = /^(?:connection|content-length|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/;
const MAX_REDIRECTS = 3;

/**
 * Asks the store that a forge named, and where that sends a download elsewhere, there. Only the first is shown what the forge
 * said that it wants to be shown. Throws `RouteRefused`.
 */
export async function askStore(passage: LfsPassage, asking: Asking, place: LfsPlace): Promise<IncomingMessage> {
  const { transfer } = asking;
  let url = transfer.href;
  let isThere = true;
  for (let hops = 0; ; hops += 1) {
    const answer = await askOnce(passage, url, { ...asking, place, isThere });
    const location = redirectOf(answer);
    if (location === undefined) return answer;
    answer.destroy();
    const there = URL.parse(location, url);
    if (there === null || hops === MAX_REDIRECTS || transfer.kind !== "download") {
      throw new RouteRefused(502, "Workspace does not lead there: the store of a large file sends it elsewhere.");
    }
    // Not shown again to an origin that somebody else sends it back to, at a path of theirs.
    isThere &&= there.origin === url.origin;
    url = there;
  }
}

async function askOnce(
  passage: LfsPassage,
  url: URL,
  { transfer, method, headers, body, place, isThere }: Asking & { place: LfsPlace; isThere: boolean },
): Promise<IncomingMessage> {
  const { granted, request, response, route, upstream, signal } = passage;
  const isForge = isThere && url.origin === new URL(`https://${formatAuthority(route.authority)}`).origin;
  // What was said for one origin is nothing for another.
  const said = isThere ? transfer.header : {};
  const asked: Asked = {
    upstream,
    ...(await storeAt(url, passage, place)),
    method,
    target: url.pathname + url.search,
    headers: { ...headers, ...withoutHop(said) },
    body,
    isHeld: () => response.writableNeedDrain || !request.complete,
    signal,
    isAuthorized: Object.keys(said).length > 0,
  };
  if (!isForge || !showsOwn(transfer)) return askForge(asked, undefined);
  if (granted !== undefined) return (await askWithSecret(asked, granted.secret)).message;
  const { authorization } = request.headers;
  return askForge(
    authorization === undefined ? asked : { ...asked, headers: { ...asked.headers, authorization } },
    undefined,
  );
}

/** Where a store is dialled. On the worker's own network only as another port of a forge that is there too. */
async function storeAt(
  { protocol, username, password, host }: URL,
  { route, allowPrivate }: LfsPassage,
  { network }: LfsPlace,
): Promise<Pick<Asked, "authority" | "addresses">> {
  const authority = parseAuthority(host, 443);
  if (protocol !== "https:" || username !== "" || password !== "" || authority === undefined) {
    throw new RouteRefused(
      403,
      "Workspace does not lead there: the store of a large file is not at a plain https URL.",
    );
  }
  const isForge = authority.host === route.authority.host;
  // The worker's own repositories are no store of another forge.
  if (!isForge && authority.host === network.local?.host) {
    throw new RouteRefused(403, "Workspace does not lead there: no large files are stored by the worker itself.");
  }
  const options = { lookup: network.lookup, allowPrivate: network.allowPrivateAddresses || (allowPrivate && isForge) };
  const addresses = await checkedAddresses(authority.host, options).catch((error: unknown) => {
    throw unreachable(formatAuthority(authority), error);
  });
  return { authority, addresses };
}

function withoutHop(header: Readonly<Record<string, string>>): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(header).filter(([name]) => !HOP.test(name)));
}
