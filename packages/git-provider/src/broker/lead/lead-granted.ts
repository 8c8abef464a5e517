import { answerGranted } from "./answer-granted.ts";
import { askWithSecret } from "../forge/ask-forge.ts";
import { bytesBody, holdBody } from "../forge/bodies.ts";
import type { Granted } from "./granted.ts";
import { grantedHeaders } from "../protocol/headers.ts";
import { leadPush } from "./lead-push.ts";
import { asked, type Passage } from "./passage.ts";
import { RouteRefused } from "../protocol/routes.ts";

/** What fetches ask for: wants and haves; one that is longer is not shown to the forge a second time. */
const HELD_BYTES = 1_048_576;

/** Passes a request on with the worker's credential, which neither the workspace nor another place sees; resolves to the answer's status. */
export async function leadGranted(passage: Passage, granted: Granted): Promise<number> {
  const { route, request } = passage;
  if (route.service === "receive-pack") {
    if (granted.pushing === undefined) throw new RouteRefused(403, "Workspace may only read this repository.");
    if (route.kind === "exchange") return leadPush(passage, granted, granted.pushing);
  }
  const body = route.kind === "advertise" ? bytesBody(Buffer.alloc(0)) : await holdBody(request, HELD_BYTES);
  const answer = await askWithSecret(
    asked(passage, grantedHeaders(request.headers, passage.route), body),
    granted.secret,
  );
  return answerGranted(passage, answer);
}
