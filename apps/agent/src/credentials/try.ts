import type { CredentialInfo, CredentialTest } from "@ws/rpc-contract";
import { WsError, type Clock } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import { FORGE_TOKENS } from "../config/credentials.ts";
import type { ForgeCredentials } from "../runtimes/forge-credentials.ts";
import { instant } from "./show.ts";

export interface TryPorts {
  config: Config;
  forges: ForgeCredentials;
  clock: Pick<Clock, "now">;
}

/**
 * Asks a credential's forge whose it is and what it may do, and changes nothing. What there is nobody to ask about is told so.
 * Throws `credential_rejected`, `credential_expired`, `credential_invalid`, `forge_unreachable`, `forge_rate_limited`, `forge_refused`.
 */
export async function tryCredential(
  { name, type, host }: CredentialInfo,
  ports: TryPorts,
  signal?: AbortSignal,
): Promise<CredentialTest> {
  switch (type) {
    case "env":
      if (!FORGE_TOKENS.includes(name)) return unasked(name, "Only the program that reads this variable can tell.");
      return tryToken(name, "github.com", ports.config.credentials.forgeTokens()[name] ?? "", ports, signal);
    case "file":
      return unasked(name, "Only the program that reads this file can tell.");
    case "ssh_key":
      return unasked(name, `The key is whole. Whether ${host} takes it shows when git uses it.`);
    case "pat":
    case "oauth":
      return tryToken(name, host ?? "", await secretOf(name, ports, signal), ports, signal);
    case "github_app":
      return tryApp(name, host, ports, signal);
  }
}

async function tryToken(
  name: string,
  host: string,
  secret: string,
  { forges }: TryPorts,
  signal?: AbortSignal,
): Promise<CredentialTest> {
  if (!forges.isGitHub(host)) return unasked(name, `${host} is no GitHub, so it is not known how to ask it.`);
  const { login, scopes, expiresAt } = await forges.checkToken(host, secret, signal);
  return {
    name,
    checked: true,
    message: login === undefined ? `${host} takes it.` : `${host} takes it: it is ${login}'s.`,
    ...(login === undefined ? {} : { login }),
    ...(scopes === undefined ? {} : { scopes: [...scopes] }),
    ...(expiresAt === undefined ? {} : { expires: instant(expiresAt) }),
  };
}

async function tryApp(
  name: string,
  host: string | undefined,
  { forges }: TryPorts,
  signal?: AbortSignal,
): Promise<CredentialTest> {
  const app = await forges.tryApp(signal);
  // Its settings went meanwhile.
  if (app === undefined) return unasked(name, "No GitHub App is set up.");
  const places = app.installations.length;
  return {
    name,
    checked: true,
    login: app.name,
    message: `${host} takes it: it is ${app.name}, ${places === 0 ? "installed nowhere yet" : `installed in ${places === 1 ? "one place" : `${places} places`}`}.`,
    installations: app.installations.map((one) => ({ ...one, permissions: { ...one.permissions } })),
  };
}

/** The present token; a login that has run out is renewed first, as git would have it renewed. */
async function secretOf(name: string, { config, forges, clock }: TryPorts, signal?: AbortSignal): Promise<string> {
  const find = () => config.secrets.forges().find((kept) => kept.name === name);
  const kept = find();
  if (kept?.refresh !== undefined && (kept.expiresAt ?? Infinity) <= clock.now()) {
    await forges.secretOf(kept.host)?.(signal === undefined ? {} : { signal });
  }
  const now = find();
  if (now !== undefined) return now.secret;
  throw new WsError("credential_not_found", {
    message: `There is no credential '${name}' any more.`,
    next: "See them all: ws credential list.",
    data: { credential: name },
  });
}

function unasked(name: string, message: string): CredentialTest {
  return { name, checked: false, message };
}
