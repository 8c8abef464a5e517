import type { Secret } from "./secret.ts";

interface Stored {
  /** By which it is set, selected and removed. */
  name: string;
  host: string;
  /** Milliseconds since the epoch, as all instants here. */
  createdAt: number;
  expiresAt?: number;
}

/** A token that a person gave, or a login that gave one. */
export interface StoredToken extends Stored {
  type: "pat" | "oauth";
  token: Secret;
  /** What goes with it in Basic authentication; `x-access-token` where absent. */
  username?: string;
  /** With what a new one is got before this one expires. */
  refresh?: { token: Secret; clientId: string; expiresAt?: number };
  /** When its forge last refused it. */
  refusedAt?: number;
}

/** A private key that never leaves the worker. */
export interface StoredSshKey extends Stored {
  type: "ssh_key";
  privateKey: Secret;
  fingerprint: string;
  /** Of its host, as `readHostKey` gives them; where there are none, the machine's `known_hosts` says what is trusted. */
  hostKeys?: readonly string[];
}

export type StoredCredential = StoredToken | StoredSshKey;

/** The worker's own credentials for forges. Synchronous; what `set` took is kept when it returns. */
export interface TokenStore {
  /** Oldest first. */
  list(): readonly StoredCredential[];
  get(name: string): StoredCredential | undefined;
  /** Adds it, or puts it in the place of the one with its name. */
  set(credential: StoredCredential): void;
  /** Notes when the forge refused the token of this name; nothing where none is kept. */
  refused(name: string, at: number): void;
  /** Whether it was there. */
  remove(name: string): boolean;
}

/** Credentials that are forgotten when the process ends. */
export function createMemoryTokenStore(): TokenStore {
  const kept = new Map<string, StoredCredential>();
  return {
    list: () => [...kept.values()].sort((a, b) => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1)),
    get: (name) => kept.get(name),
    set(credential) {
      kept.set(credential.name, credential);
    },
    refused(name, at) {
      const credential = kept.get(name);
      if (credential !== undefined && credential.type !== "ssh_key") kept.set(name, { ...credential, refusedAt: at });
    },
    remove: (name) => kept.delete(name),
  };
}
