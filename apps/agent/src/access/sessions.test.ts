import type { Clock } from "@ws/workspace-core";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../store/database.ts";
import { createTokens } from "../store/tokens.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { createSessions } from "./sessions.ts";

function setUp() {
  const directory = tempDir();
  const db = openDatabase(`${directory.path}/state.db`, createSilentLog());
  const clock = createManualClock();
  const closing = new AbortController();
  const tokens = createTokens(db, clock);
  onTestFinished(() => {
    closing.abort();
    db.close();
    directory[Symbol.dispose]();
  });
  return { clock, tokens, db, sessions: createSessions({ tokens, clock, closing: closing.signal }) };
}

/** Time as it passes: whatever sleeps may look at its clock meanwhile. */
async function pass(clock: Clock & { advance(ms: number): void }, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    clock.advance(Math.min(1_000, left));
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

test("A revoked token's signal says so, and that of another goes on", () => {
  const { tokens, sessions } = setUp();
  const [doomed, other] = [
    tokens.create({ name: "a", scope: "read" }).id,
    tokens.create({ name: "b", scope: "read" }).id,
  ];
  const [gone, stays] = [sessions.gone(doomed), sessions.gone(other)];
  sessions.revoke(doomed);
  expect(gone.reason).toMatchObject({ code: "unauthorized", message: "The token was revoked." });
  expect(stays.aborted).toBe(false);
});

test("What a token has open ends with its time", async () => {
  const { clock, tokens, sessions } = setUp();
  const gone = sessions.gone(tokens.create({ name: "a", scope: "read", ttlMs: 60_000 }).id);
  await pass(clock, 59_000);
  expect(gone.aborted).toBe(false);
  await pass(clock, 2_000);
  expect(gone.reason).toMatchObject({ code: "unauthorized", message: "The token has expired." });
});

test("A clock that is set forward over its end ends it within five seconds", async () => {
  const { clock, tokens, sessions } = setUp();
  const gone = sessions.gone(tokens.create({ name: "a", scope: "read", ttlMs: 86_400_000 }).id);
  clock.jump(2 * 86_400_000);
  await pass(clock, 5_000);
  expect(gone.aborted).toBe(true);
});

test("Where a token ends after idle time, using what it opened keeps it, and leaving it alone does not", async () => {
  const { clock, tokens, sessions } = setUp();
  const { id } = tokens.create({ name: "browser", scope: "admin", idleMs: 600_000 });
  const gone = sessions.gone(id);
  for (let minutes = 0; minutes < 30; minutes += 5) {
    await pass(clock, 300_000);
    sessions.use(id);
  }
  expect(gone.aborted).toBe(false);
  await pass(clock, 601_000);
  expect(gone.aborted).toBe(true);
});

test("A use that cannot be written down, as on a full disk, is a use all the same", () => {
  const { clock, tokens, db } = setUp();
  const { token } = tokens.create({ name: "a", scope: "read" });
  clock.advance(120_000);
  db.exec("PRAGMA query_only = ON");
  expect(tokens.verify(token)).toMatchObject({ name: "a" });
});
