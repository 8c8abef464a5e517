import { toWsError, type Log } from "@ws/workspace-core";
import type { Credentials } from "./config.ts";
import { userIdentity, type Identity } from "./system.ts";

/** The variables that say in whose name commits are made, asked for once; empty where nobody is known. */
export function identityEnvironment(
  configured: Identity | undefined,
  service: Credentials,
  log: Log,
  ofUser: () => Promise<Identity | undefined> = userIdentity,
): () => Promise<Record<string, string>> {
  let asked: Promise<Record<string, string>> | undefined;
  return () => (asked ??= choose());

  async function choose(): Promise<Record<string, string>> {
    const identity = configured ?? (await appIdentity()) ?? (await ofUser());
    if (identity === undefined) return {};
    const { name, email } = identity;
    return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
  }

  async function appIdentity(): Promise<Identity | undefined> {
    const provider = service.getProvider("github");
    if (provider === undefined || !("identity" in provider)) return undefined;
    try {
      return await (provider as { identity(signal: AbortSignal): Promise<Identity> }).identity(
        AbortSignal.timeout(10_000),
      );
    } catch (error) {
      log.warn("the GitHub App does not say in whose name it commits", { error: toWsError(error).message });
      return undefined;
    }
  }
}
