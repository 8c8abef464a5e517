import { createHash, randomBytes } from "node:crypto";
import type { Clock, WorkspaceId } from "@ws/workspace-core";
import type { Caller } from "../access/caller.ts";

/** A port of a workspace, opened by somebody. */
export interface Preview {
  workspace: WorkspaceId;
  /** What that was called then. */
  name: string;
  port: number;
  caller: Caller;
  /** Aborts with the token that asked for it, and with the agent. */
  gone: AbortSignal;
}

/** What lets a browser see one preview: a code that is spent once, and a key that it is given for it. Both are kept as hashes, in memory only. */
export interface PreviewKeys {
  /** A code for one use within a minute. */
  code(preview: Preview): { code: string; expiresAt: number };
  /** The key of a browser that has the code of this very preview; undefined where it is no good, and then it is spent all the same. */
  spend(code: string, at: Pick<Preview, "port"> & { workspace: string | undefined }): string | undefined;
  /** What a key opens, where it is good now. */
  open(key: string): Preview | undefined;
}

const CODE_MS = 60_000;
/** Like a browser that signed in: who does not come back for so long asks again. */
const IDLE_MS = 12 * 3_600_000;
/** Of each kind; the oldest makes room. */
const MOST = 1_000;

export function createPreviewKeys(clock: Pick<Clock, "monotonic" | "now">): PreviewKeys {
  const codes = new Map<string, { preview: Preview; until: number }>();
  const keys = new Map<string, { preview: Preview; until: number }>();

  function keep(map: typeof codes, preview: Preview, ms: number): string {
    const secret = randomBytes(24).toString("base64url");
    map.set(hash(secret), { preview, until: clock.monotonic() + ms });
    const [oldest] = map.keys();
    if (map.size > MOST && oldest !== undefined) map.delete(oldest);
    return secret;
  }

  /** Looked up at each request: neither time nor whoever asked for it takes it out of here. */
  function good(map: typeof codes, secret: string): Preview | undefined {
    const found = map.get(hash(secret));
    if (found === undefined) return undefined;
    if (found.until > clock.monotonic() && !found.preview.gone.aborted) return found.preview;
    map.delete(hash(secret));
    return undefined;
  }

  return {
    code: (preview) => ({ code: keep(codes, preview, CODE_MS), expiresAt: clock.now() + CODE_MS }),
    spend(code, { workspace, port }) {
      const preview = good(codes, code);
      codes.delete(hash(code));
      if (preview === undefined || preview.workspace !== workspace || preview.port !== port) return undefined;
      return keep(keys, preview, IDLE_MS);
    },
    open(key) {
      const preview = good(keys, key);
      // Put last, so that the oldest is the one that was not used for longest.
      if (preview !== undefined) {
        keys.delete(hash(key));
        keys.set(hash(key), { preview, until: clock.monotonic() + IDLE_MS });
      }
      return preview;
    },
  };
}

function hash(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
