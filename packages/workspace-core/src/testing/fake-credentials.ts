import type { CredentialSource, Grant } from "../credentials.ts";
import { WsError } from "../errors.ts";
import type { Clock } from "../ports.ts";

export interface FakeCredentials extends CredentialSource {
  /** Gives the worker a credential for a host, in place of the one before. */
  add(host: string, password: string): void;
  /** Makes the next revocations fail with this error. */
  failWith(error: Error | undefined): void;
}

/** A source with one token for each host; grants are kept until the process ends. */
export function createFakeCredentials({ clock }: { clock: Pick<Clock, "now"> }): FakeCredentials {
  const passwords = new Map<string, string>();
  const grants: Grant[] = [];
  let failure: Error | undefined;
  const hostOf = (url: string): string => /^https:\/\/([^/]+)/.exec(url)?.[1] ?? "";
  const end = (ending: readonly Grant[], why: Pick<Grant, "withheld">): void => {
    for (const { id } of ending) {
      const index = grants.findIndex((grant) => grant.id === id);
      const { withheld: _before, ...grant } = grants[index] as Grant;
      grants[index] = { ...grant, revokedAt: grant.revokedAt ?? clock.now(), ...why };
    }
  };
  const live = ({ revokedAt, expiresAt, renewsMs }: Grant): boolean =>
    revokedAt === undefined && (renewsMs !== undefined || expiresAt > clock.now());

  return {
    add: (host, password) => void passwords.set(host, password),
    failWith: (error) => void (failure = error),
    async grant({ workspace, execution, url, access, branches, credentials, ttlSeconds = 3_600, renews, ...rest }) {
      const host = hostOf(url);
      const isChosen = credentials === "all" || (credentials !== "none" && credentials.includes(host));
      if (!isChosen || !passwords.has(host)) return undefined;
      const { force = false, tags = false, workflows = false } = rest;
      const known = grants.findIndex((grant) => grant.workspace === workspace && grant.url === url && live(grant));
      const made: Grant = {
        id: `grant-${grants.length}`,
        workspace,
        url,
        access,
        branches,
        force,
        tags,
        workflows,
        credential: { id: host, type: "pat", provider: "fake", host },
        createdAt: clock.now(),
        expiresAt: clock.now() + ttlSeconds * 1_000,
        ...(renews === true ? { renewsMs: ttlSeconds * 1_000 } : {}),
        ...(execution === undefined ? {} : { execution }),
      };
      end(
        grants.filter((grant) => grant.withheld === true && grant.workspace === workspace && grant.url === url),
        {},
      );
      if (known === -1) grants.push(made);
      else grants[known] = { ...made, id: grants[known]?.id ?? made.id };
      return made;
    },
    find: (workspace, url) => grants.find((grant) => grant.workspace === workspace && grant.url === url && live(grant)),
    async secret({ credential }, { refused } = {}) {
      const password = passwords.get(credential.host);
      if (password !== undefined && password !== refused)
        return { ...credential, username: "x-access-token", password };
      throw new WsError("credential_rejected", {
        message: `Authentication failed: ${credential.host} refused the credential.`,
        next: "Give the worker another one.",
        data: { credential: credential.id },
      });
    },
    async revoke(workspace) {
      if (failure !== undefined) throw failure;
      const mine = grants.filter((grant) => grant.workspace === workspace);
      const lived = mine.filter(live);
      end(mine, {});
      return lived;
    },
    async withhold(ending) {
      end(ending.filter(live), { withheld: true });
    },
    list: ({ workspace, ended = false } = {}) =>
      grants.filter((grant) => (workspace === undefined || grant.workspace === workspace) && (ended || live(grant))),
  };
}
