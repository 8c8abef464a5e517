import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream";
import { askForge } from "../forge/ask-forge.ts";
import { passingBody } from "../forge/bodies.ts";
import { answeredHeaders, askedHeaders } from "../protocol/headers.ts";
import { asked, movedTo, type Passage } from "./passage.ts";
import { notGranted } from "../forge/refusals.ts";
import type { GitRoute } from "../protocol/routes.ts";

/** Passes a request on as it is, with whatever authorization the workspace itself gave it; resolves to the answer's status. */
export async function leadOpen(passage: Passage): Promise<number> {
  const { request, response, route } = passage;
  const asking = askedHeaders(request.headers, route);
  const answer = await askForge(asked(passage, asking, passingBody(request)), undefined);
  requireShown(answer, route, asking["authorization"] !== undefined);
  const location = movedTo(answer, passage, () => true);
  const headers = answeredHeaders(answer.headers);
  const status = answer.statusCode ?? 502;
  response.writeHead(status, location === undefined ? headers : { ...headers, location });
  // A forge that sends its head at once and its data later must not keep git waiting for both.
  response.flushHeaders();
  pipeline(answer, response, () => undefined);
  return status;
}

/**
 * The first 401 goes to git, which asks the helpers and the terminal of the workspace; only where these know nothing is it for
 * the worker to say what is missing. Throws `RouteRefused`.
 */
function requireShown(answer: IncomingMessage, route: GitRoute, isAuthorized: boolean): void {
  const { statusCode } = answer;
  const isHidden = (statusCode === 401 && route.knowsNone === true) || (statusCode === 404 && !isAuthorized);
  if (!isHidden) return;
  answer.destroy();
  throw notGranted(route, statusCode);
}
