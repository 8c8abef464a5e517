import { pipeline, Readable } from "node:stream";
import { formatAuthority } from "../../hosts.ts";
import { plainPushes } from "./advertisement.ts";
import type { Answer } from "../forge/ask-forge.ts";
import { grantedAnswerHeaders } from "../protocol/headers.ts";
import { movedTo, type Passage } from "./passage.ts";
import { keyOfRoute, RouteRefused } from "../protocol/routes.ts";
import { scrub, scrubbedText } from "../forge/scrub.ts";

/** Gives the workspace what the forge answered, less what is the worker's. */
export async function answerGranted(passage: Passage, { message, secret }: Answer): Promise<number> {
  const { response, route } = passage;
  const status = message.statusCode ?? 502;
  const headers = grantedAnswerHeaders(message.headers);
  if (status >= 300) {
    const location = moved(passage, { message, secret });
    if (location !== undefined) {
      message.destroy();
      response.writeHead(status, { ...headers, location }).end();
      return status;
    }
    const said = await scrubbedText(message, secret).catch(() => undefined);
    const text = said ?? `${formatAuthority(route.authority)} answered with the status ${status}.\n`;
    delete headers["content-encoding"];
    response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(text) }).end(text);
    return status;
  }
  const isOffer = route.kind === "advertise" && route.service === "receive-pack";
  const source = isOffer ? Readable.from(await plainPushes(message)) : message;
  if (isOffer) delete headers["content-length"];
  response.writeHead(status, headers);
  // A forge that sends its head at once and its data later must not keep git waiting for both.
  response.flushHeaders();
  pipeline(source, response, () => undefined);
  return status;
}

/** Only to another spelling of the same repository: what a right is for does not move with a redirect. */
function moved(passage: Passage, { message, secret }: Answer): string | undefined {
  const { route } = passage;
  try {
    return movedTo(message, passage, ({ pathname }) => {
      const path = pathname.replace(/\/info\/refs$/, "");
      return keyOr(() => keyOfRoute({ ...route, repository: path })) === keyOfRoute(route);
    });
  } catch (error) {
    throw error instanceof RouteRefused ? new RouteRefused(error.status, scrub(error.message, secret)) : error;
  }
}

function keyOr(key: () => string): string | undefined {
  try {
    return key();
  } catch {
    return undefined;
  }
}
