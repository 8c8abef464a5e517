import { join } from "node:path";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, onTestFinished, test } from "vitest";
import { LOCAL_ADMIN, type Caller } from "../access/caller.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { openDatabase } from "./database.ts";
import { createSshKeys } from "./ssh-keys.ts";
import { createTokens } from "./tokens.ts";

function setUp() {
  const directory = tempDir();
  const db = openDatabase(join(directory.path, "state.db"), createSilentLog());
  onTestFinished(() => {
    db.close();
    directory[Symbol.dispose]();
  });
  const tokens = createTokens(db, createManualClock());
  const keys = createSshKeys(db, { tokens, insist: (work) => work() });
  const callerOf = (id: string): Caller => ({ who: id, scope: "write", token: { id, gone: AbortSignal.abort() } });
  return { db, tokens, keys, callerOf };
}

test("each caller has one key of its own: the local user, each token, each caller of a hub", () => {
  const { tokens, keys, callerOf } = setUp();
  const one = callerOf(tokens.create({ name: "one", scope: "write" }).id);
  const two = callerOf(tokens.create({ name: "two", scope: "write" }).id);
  const byHub: Caller = { who: "hub/desk: ada", scope: "write", countedFor: "hub/desk: ada" };
  const callers = [LOCAL_ADMIN, one, two, byHub];
  for (const caller of callers) expect(keys.of(caller)).toBeUndefined();
  for (const caller of callers) keys.set(caller, `key of ${caller.who}`);
  for (const caller of callers) expect(keys.of(caller)).toBe(`key of ${caller.who}`);
  keys.set(one, "another");
  keys.set(two, undefined);
  expect(callers.map((caller) => keys.of(caller))).toEqual([
    "key of local",
    "another",
    undefined,
    "key of hub/desk: ada",
  ]);
});

test("a device's key is the one that stands with the device, and goes with it", () => {
  const { db, tokens, keys, callerOf } = setUp();
  const device = { kind: "cli", platform: "linux", sshKey: "given at pairing" } as const;
  const { id } = tokens.create({ name: "laptop", scope: "admin", device });
  expect(keys.of(callerOf(id))).toBe("given at pairing");
  keys.set(callerOf(id), "changed");
  expect(tokens.get(id)?.device).toEqual({ ...device, sshKey: "changed" });
  keys.set(callerOf(id), undefined);
  expect(keys.of(callerOf(id))).toBeUndefined();
  const plain = tokens.create({ name: "plain", scope: "write" });
  keys.set(callerOf(plain.id), "key");
  tokens.revoke(plain.id);
  keys.set(LOCAL_ADMIN, "local");
  expect(db.prepare("SELECT owner FROM ssh_keys").all()).toEqual([{ owner: "local" }]);
});
