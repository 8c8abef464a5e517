import { pipeline } from "node:stream";
import type { AskSecret } from "@ws/workspace-core";
import { askWithSecret } from "./ask-forge.ts";
import { holdBody } from "./bodies.ts";
import { grantedAnswerHeaders, grantedHeaders } from "./headers.ts";
import { asked, movedTo, type Passage } from "./passage.ts";
import { repositoryKey } from "./repository-key.ts";

/** What the worker's own credential does for a request. */
export interface Granted {
  secret: AskSecret;
}

/** What fetches ask for: wants and haves; one that is longer is not shown to the forge a second time. */
const HELD_BYTES = 1_048_576;

/** Passes a request on with the worker's credential, which neither the workspace nor another place sees; resolves to the answer's status. */
export async function leadGranted(passage: Passage, granted: Granted): Promise<number> {
  const { request, response } = passage;
  const body = await holdBody(request, HELD_BYTES);
  const { message } = await askWithSecret(asked(passage, grantedHeaders(request.headers), body), granted.secret);
  const location = movedTo(message, passage, (there) => isSameRepository(passage, there));
  const headers = grantedAnswerHeaders(message.headers);
  const status = message.statusCode ?? 502;
  response.writeHead(status, location === undefined ? headers : { ...headers, location });
  response.flushHeaders();
  pipeline(message, response, () => undefined);
  return status;
}

/** What a right is for does not move with a redirect. */
function isSameRepository({ route }: Passage, there: URL): boolean {
  const path = there.pathname.replace(/\/info\/refs$/, "");
  try {
    return repositoryKey(route.authority, path) === repositoryKey(route.authority, route.repository);
  } catch {
    return false;
  }
}
