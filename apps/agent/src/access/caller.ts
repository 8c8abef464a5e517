import type { Handler, PolicyLayer, WorkspaceId } from "@ws/workspace-core";
import type { TokenScope } from "../store/tokens.ts";

/** Who is calling. */
export interface Caller {
  /** How the audit names it: `local`, or a token's name and id. */
  who: string;
  scope: TokenScope;
  /** The one workspace that a `workspace` scope is for. */
  workspace?: WorkspaceId;
  /** The only thing that the token can be used for. */
  handler?: Handler;
  /** What the token adds to the policy of a workspace. */
  policy?: readonly PolicyLayer[];
  /**
   * What lets it in: a token, or a node of the tailnet, which stands for one. Absent for the local socket's user, and for a hub's
   * caller, whose token the hub looks after.
   */
  token?: {
    id: string;
    /** Aborts, with the reason as a `WsError`, when the token is revoked or has expired. */
    gone: AbortSignal;
    /**
     * What `gone` is for something that outlives the connection it was asked for on; the same where a token is no connection's. Aborted
     * from the beginning where whoever it is would not be let in now.
     */
    stays?: () => AbortSignal;
  };
  /** What its creations are counted for where it has no token here: a hub's caller. */
  countedFor?: string;
}

/** The user of the local socket, whom the socket's permissions have identified. */
export const LOCAL_ADMIN: Caller = { who: "local", scope: "admin" };
