import type { Secret, StoredCredential, TokenStore } from "@ws/credentials";
import type { Config } from "../config/config.ts";
import type { KeptCredential } from "../config/secrets.ts";

/** The credentials for forges in the worker's secret store, and those that were given as variables; these are GitHub's. */
export function createTokenStore(config: Config, SecretClass: new (value: string) => Secret): TokenStore {
  const { secrets, credentials } = config;

  function toStored({ secret, refresh, type, fingerprint = "", hostKeys, ...kept }: KeptCredential): StoredCredential {
    const value = new SecretClass(secret);
    const { username, expiresAt, name, host, createdAt, refusedAt } = kept;
    const common = { name, host, createdAt, ...(expiresAt === undefined ? {} : { expiresAt }) };
    if (type === "ssh_key")
      return { ...common, type, privateKey: value, fingerprint, ...(hostKeys === undefined ? {} : { hostKeys }) };
    return {
      ...common,
      type,
      token: value,
      ...(username === undefined ? {} : { username }),
      ...(refresh === undefined ? {} : { refresh: fromKept(refresh) }),
      ...(refusedAt === undefined ? {} : { refusedAt }),
    };
  }

  function fromKept({ secret, clientId, expiresAt }: NonNullable<KeptCredential["refresh"]>) {
    return { token: new SecretClass(secret), clientId, ...(expiresAt === undefined ? {} : { expiresAt }) };
  }

  function list(): StoredCredential[] {
    // They lie in a file without a date.
    const given = Object.entries(credentials.forgeTokens()).map(([name, value]): StoredCredential => ({
      name,
      type: "pat",
      host: "github.com",
      token: new SecretClass(value),
      createdAt: 0,
    }));
    return [...secrets.forges().map(toStored), ...given];
  }

  return {
    list,
    get: (name) => list().find((credential) => credential.name === name),
    set(credential) {
      const others = secrets.forges().filter(({ name }) => name !== credential.name);
      // A login that was renewed is as old as before.
      secrets.replaceForges([...others, toKept(credential)].sort((a, b) => a.createdAt - b.createdAt));
    },
    refused(name, at) {
      const all = secrets.forges().map((one) => (one.name === name ? { ...one, refusedAt: at } : one));
      if (all.some((one) => one.name === name)) secrets.replaceForges(all);
    },
    remove(name) {
      const others = secrets.forges().filter((credential) => credential.name !== name);
      const found = others.length < secrets.forges().length;
      if (found) secrets.replaceForges(others);
      return found;
    },
  };
}

function toKept(credential: StoredCredential): KeptCredential {
  const { name, host, createdAt, expiresAt } = credential;
  const common = { name, host, createdAt, ...(expiresAt === undefined ? {} : { expiresAt }) };
  if (credential.type === "ssh_key") {
    const { privateKey, fingerprint, hostKeys } = credential;
    const trusted = hostKeys === undefined ? {} : { hostKeys: [...hostKeys] };
    return { ...common, type: "ssh_key", secret: privateKey.reveal(), fingerprint, ...trusted };
  }
  const { type, token, username, refresh, refusedAt } = credential;
  return {
    ...common,
    type,
    secret: token.reveal(),
    ...(username === undefined ? {} : { username }),
    ...(refresh === undefined ? {} : { refresh: refreshToKept(refresh) }),
    ...(refusedAt === undefined ? {} : { refusedAt }),
  };
}

function refreshToKept({ token, clientId, expiresAt }: { token: Secret; clientId: string; expiresAt?: number }) {
  return { secret: token.reveal(), clientId, ...(expiresAt === undefined ? {} : { expiresAt }) };
}
