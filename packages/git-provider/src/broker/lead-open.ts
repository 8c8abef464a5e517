import { pipeline } from "node:stream";
import { askForge } from "./ask-forge.ts";
import { passingBody } from "./bodies.ts";
import { answeredHeaders, askedHeaders } from "./headers.ts";
import { asked, movedTo, type Passage } from "./passage.ts";

/** Passes a request on as it is, with whatever authorization the workspace itself gave it; resolves to the answer's status. */
export async function leadOpen(passage: Passage): Promise<number> {
  const { request, response, route } = passage;
  const answer = await askForge(asked(passage, askedHeaders(request.headers, route), passingBody(request)), undefined);
  const location = movedTo(answer, passage, () => true);
  const headers = answeredHeaders(answer.headers);
  const status = answer.statusCode ?? 502;
  response.writeHead(status, location === undefined ? headers : { ...headers, location });
  // A forge that sends its head at once and its data later must not keep git waiting for both.
  response.flushHeaders();
  pipeline(answer, response, () => undefined);
  return status;
}
