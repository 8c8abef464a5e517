import type { CredentialProvider } from "@ws/credentials";
import { type Clock, LOCAL_GIT_HOST } from "@ws/workspace-core";

type Token = Awaited<ReturnType<CredentialProvider["mint"]>>["token"];

const LIFE_MS = 8 * 3_600_000;

/** The worker's credential for its own repositories: with a grant of it, the rules for pushes are those of any forge. */
export function localCredential(token: Token, clock: Pick<Clock, "now">): CredentialProvider {
  return {
    id: "worker",
    name: "worker",
    type: "pat",
    // What it opens is the worker's own, and nothing that could leave it.
    always: true,
    serves: (host) => host === LOCAL_GIT_HOST,
    check: async () => undefined,
    mint: async () => ({ token, username: "workspace", expiresAt: clock.now() + LIFE_MS }),
    revoke: async () => undefined,
  };
}
