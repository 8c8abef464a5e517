import { formatAuthority } from "../../hosts.ts";
import { keyOfRoute, placeOf, RouteRefused } from "../protocol/routes.ts";
import { askLfs } from "./ask-lfs.ts";
import { NoLfsAnswer, type AnsweredObject, readBatchAnswer } from "./batch-answer.ts";
import { batchBody, type BatchRequest, readBatchRequest } from "./batch-request.ts";
import { objectPath } from "../protocol/lfs-call.ts";
import { readJson, sendJson } from "./json.ts";
import type { LfsPassage, LfsPlace } from "./passage.ts";
import { showsOwn } from "./transfers.ts";
import { requireWrite } from "./rights.ts";

/**
 * Asks the forge where objects are, and tells the workspace ways through the worker instead: what the forge gives for its
 * store is as good as a credential. Resolves to the answer's status.
 */
export async function leadBatch(passage: LfsPassage, lfs: LfsPlace): Promise<number> {
  const { network, transfers, root } = lfs;
  const { request, response, route, granted } = passage;
  const batch = readBatchRequest(await readJson(request));
  if (batch.operation === "upload") requireWrite(granted, batch);
  const said = await askLfs(passage, lfs, batchBody(batch));
  const now = network.now();
  const repository = keyOfRoute(route);
  const place = `${root()}/${placeOf(route)}/`;
  const objects = read(passage, said, batch, now).map(({ oid, size, error, actions }) => {
    if (error !== undefined) return { oid, size, error };
    const led = actions.map((action) => {
      const id = transfers.add({ ...action, repository, oid, size });
      const seconds = Math.max(1, Math.floor((action.expiresAt - now) / 1_000));
      return [action.kind, { href: place + objectPath(route.repository, id), expires_in: seconds }] as const;
    });
    // Where nothing else is shown to the store, git-lfs is to show it what it shows the forge.
    const authenticated = granted !== undefined || actions.every((action) => !showsOwn(action));
    return { oid, size, authenticated, actions: Object.fromEntries(led) };
  });
  return sendJson(response, 200, { transfer: "basic", objects, hash_algo: "sha256" });
}

function read({ route }: LfsPassage, said: unknown, batch: BatchRequest, now: number): AnsweredObject[] {
  try {
    return readBatchAnswer(said, batch, now);
  } catch (error) {
    if (!(error instanceof NoLfsAnswer)) throw error;
    const host = formatAuthority(route.authority);
    throw new RouteRefused(502, `Workspace does not take what ${host} answered Git LFS: ${error.message}.`, error);
  }
}
