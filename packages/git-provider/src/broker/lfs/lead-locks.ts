import { NoLfs, askLfs } from "./ask-lfs.ts";
import { fieldsOf, malformed, refOf } from "./batch-request.ts";
import { readJson, sendJson } from "./json.ts";
import type { LfsPassage, LfsPlace } from "./passage.ts";
import { requireWrite } from "./rights.ts";

/** Passes what is asked about locks on, with the worker's credential; resolves to the answer's status. */
export async function leadLocks(passage: LfsPassage, place: LfsPlace): Promise<number> {
  const { request, response, route, granted } = passage;
  const { name } = route.call;
  if (name === "list_locks") return sendJson(response, 200, await askLfs(passage, place));
  const body = fieldsOf(await readJson(request));
  const { ref } = refOf(body);
  const about = ref === undefined ? {} : { ref: { name: ref } };
  if (name === "verify_locks") {
    const { cursor, limit } = body;
    const page = {
      ...(typeof cursor === "string" && cursor !== "" && { cursor: cursor.slice(0, 1_000) }),
      ...(typeof limit === "number" && limit > 0 && { limit }),
    };
    return sendJson(response, 200, await askLfs(passage, place, { ...page, ...about }).catch(none));
  }
  requireWrite(granted, ref === undefined ? {} : { ref });
  if (name === "unlock") {
    const force = body["force"] === true;
    if (force && granted?.rules().force === false) throw malformed("this workspace may not take another's lock away");
    return sendJson(response, 200, await askLfs(passage, place, { force, ...about }));
  }
  const { path } = body;
  if (typeof path !== "string" || !/^[^\p{Cc}]{1,4096}$/u.test(path)) throw malformed("it names no path");
  return sendJson(response, 201, await askLfs(passage, place, { path, ...about }));
}

/** Nothing is locked at a server that has no locks; git-lfs would note that in a configuration that outlives this way. */
function none(error: unknown): { ours: []; theirs: [] } {
  if (error instanceof NoLfs) return { ours: [], theirs: [] };
  throw error;
}
