import type { AskSecret } from "@ws/workspace-core";
import type { FreeBytes } from "../limits/free-space.ts";
import type { PushHead } from "../push/commands.ts";
import type { Known, Upward } from "../push/history.ts";
import type { PushRules } from "../push/policy.ts";
import type { SpoolAccount } from "../limits/spool-account.ts";
import type { PushSpool } from "../push/spool.ts";
import type { Upstream } from "../forge/upstream.ts";

/** What the worker's own credential does for a request. */
export interface Granted {
  secret: AskSecret;
  /** What holds now. Throws `RouteRefused` where the right has ended meanwhile. */
  rules(): PushRules;
  /** The way there that has the credential itself, where `secret` has none to show. */
  upstream?: Upstream;
  /** Absent where the repository is only read. */
  pushing?: Pushing;
}

/** What a workspace may push to a repository. */
export interface Pushing {
  /** Where pushes lie while they are judged. */
  scratch: string;
  known?: Known;
  /** Looks at one push of the workspace at a time, and at few of all workspaces, so that they cannot use up the worker. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** How what a push builds on is looked up, while this signal is not aborted. */
  upward(spool: PushSpool, head: PushHead, signal: AbortSignal): Upward;
  freeBytes: FreeBytes;
  account: SpoolAccount;
}
