import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { GrantRequest, Log, WsError } from "@ws/workspace-core";
import { createManualClock, type ManualClock } from "@ws/workspace-core/testing";
import { createMemoryGrantStore } from "../memory-grant-store.ts";
import type { CredentialProvider, MintedToken } from "../provider.ts";
import { Secret } from "../secret.ts";
import { createCredentialSource, type CredentialSourceOptions } from "../source.ts";
import { QUIET_LOG } from "../surroundings.ts";
import { createMemoryTokenStore, type StoredToken } from "../token-store.ts";
import { startFakeGitHub } from "./fake-github.ts";

export const HOUR = 3_600_000;
export const asked: GrantRequest = {
  workspace: "ws-a",
  url: "https://forge.test/org/repo.git",
  access: "write",
  branches: ["parallax/ws-a/person/demo"],
  credentials: "all",
};

/** Secrets that the tests of this run share, so that they can be looked for. */
const values = new Map<string, string>();

export function secretOf(name: string): string {
  const value = values.get(name) ?? hex();
  values.set(name, value);
  return value;
}

export function hex(): string {
  return randomBytes(20).toString("hex");
}

export function token(name: string, changes: Partial<StoredToken> = {}): StoredToken {
  return { name, type: "pat", host: "forge.test", token: new Secret(secretOf(name)), createdAt: 1, ...changes };
}

export function login(expiresAt: number): StoredToken {
  const refresh = { token: new Secret(hex()), clientId: "client" };
  return token("login", { type: "oauth", token: new Secret(hex()), expiresAt, refresh });
}

export function fakeGitHub() {
  return startFakeGitHub({ appId: "7", publicKey: generateKeyPairSync("ed25519").publicKey });
}

interface SetUp extends Partial<Omit<CredentialSourceOptions, "clock">> {
  clock?: CredentialSourceOptions["clock"];
  log?: Log;
}

export function setUp(changes: SetUp = {}) {
  const clock: ManualClock = createManualClock();
  const grants = createMemoryGrantStore();
  const tokens = createMemoryTokenStore();
  const source = createCredentialSource({
    grants,
    tokens,
    providers: () => [],
    clock,
    log: QUIET_LOG,
    fetch: globalThis.fetch,
    newId: () => `grant-${hex()}`,
    ...changes,
  });
  /** By the clock of this test. */
  currentClock = clock;
  return { source, grants, tokens, clock, secretOf };
}

let currentClock: ManualClock;

/** An app that makes a token whenever it is asked. */
export function provider({ before = async () => {} }: { before?: () => Promise<void> } = {}) {
  let failure: WsError | undefined;
  const minted: string[] = [];
  const revoked: string[] = [];
  const signals: AbortSignal[] = [];
  const requests: Parameters<CredentialProvider["mint"]>[0][] = [];
  const app: CredentialProvider = {
    id: "app",
    name: "forge",
    type: "github_app",
    serves: (host) => host === "forge.test",
    check: async () => {},
    async mint(request, signal): Promise<MintedToken> {
      requests.push(request);
      if (signal !== undefined) signals.push(signal);
      await before();
      if (failure !== undefined) throw failure;
      const value = hex();
      minted.push(value);
      return { token: new Secret(value), username: "x-access-token", expiresAt: currentClock.now() + HOUR };
    },
    async revoke(ending) {
      if (failure !== undefined) throw failure;
      revoked.push(ending.reveal());
    },
  };
  return {
    ...app,
    minted,
    revoked,
    signals,
    asked: requests,
    failWith(error: WsError | undefined) {
      failure = error;
    },
  };
}
