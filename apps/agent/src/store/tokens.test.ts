import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { createManualClock } from "@ws/workspace-core/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { createCodes } from "./codes.ts";
import { openDatabase } from "./database.ts";
import { createTokens, hashSecret } from "./tokens.ts";

function setUp() {
  const directory = tempDir();
  const db = openDatabase(join(directory.path, "state.db"), createSilentLog());
  const clock = createManualClock();
  onTestFinished(() => {
    db.close();
    directory[Symbol.dispose]();
  });
  return { db, clock, tokens: createTokens(db, clock), codes: createCodes(db, clock) };
}

describe("tokens", () => {
  test("verify to what was created, and only whole", () => {
    const { tokens } = setUp();
    const { token, id } = tokens.create({ name: "ci", scope: "write" });
    expect(tokens.verify(token)).toMatchObject({ id, name: "ci", scope: "write" });
    expect(tokens.verify(token.slice(0, -1))).toBeUndefined();
    expect(tokens.verify("")).toBeUndefined();
  });

  test("say from where they were used last, as often as when", () => {
    const { tokens, clock } = setUp();
    const { token, id } = tokens.create({ name: "ci", scope: "write" });
    const from = () => tokens.get(id)?.lastUsedFrom;
    expect(from()).toBeUndefined();
    tokens.verify(token, "10.0.0.2");
    clock.advance(59_000);
    tokens.verify(token, "10.0.0.3");
    expect(from()).toBe("10.0.0.2");
    clock.advance(1_000);
    tokens.verify(token, "10.0.0.3");
    clock.advance(60_000);
    tokens.use(id);
    expect(from()).toBe("10.0.0.3");
  });

  test("are known to be withdrawn where another revoked them, for as long as a task waits that they asked for", () => {
    const { tokens, db, clock } = setUp();
    const [lost, leaves, late] = ["lost", "leaves", "late"].map((name) =>
      tokens.create({ name, scope: "write", ttlMs: name === "late" ? 1_000 : 1e12 }),
    );
    const task = JSON.stringify({ rights: { token: lost?.id } });
    const insert = "INSERT INTO tasks (id, workspace, status, live, record) VALUES ('task-1', 'ws-a', 'pending', 1, ?)";
    db.prepare(insert).run(task);
    tokens.revoke(lost?.id ?? "", "tok-other");
    tokens.revoke(leaves?.id ?? "", leaves?.id);
    clock.advance(2_000);
    const known = () => [lost, leaves, late].map((one) => tokens.wasWithdrawn(one?.id ?? ""));
    expect(known()).toEqual([true, false, false]);
    expect(tokens.endOf(leaves?.token ?? "")).toBe("revoked");
    const later = () => {
      clock.advance(40 * 86_400_000);
      tokens.revoke(tokens.create({ name: "next", scope: "read" }).id);
    };
    later();
    expect(known()).toEqual([true, false, false]);
    db.exec("UPDATE tasks SET live = 0");
    later();
    expect(known()).toEqual([false, false, false]);
  });

  test("are gone and known to be withdrawn in one step: who is ended in between has revoked nothing", () => {
    const { db, clock, tokens } = setUp();
    const { token, id } = tokens.create({ name: "ci", scope: "write" });
    const killed = new Proxy(db, {
      get(real, key: "prepare" | "exec") {
        if (key !== "prepare") return typeof real[key] === "function" ? real[key].bind(real) : real[key];
        return (sql: string) => {
          const statement = real.prepare(sql);
          if (!sql.includes("INTO ended_tokens")) return statement;
          return Object.assign(statement, {
            run() {
              throw new Error("killed");
            },
          });
        };
      },
    });
    expect(() => createTokens(killed, clock).revoke("ci")).toThrow("killed");
    expect([tokens.verify(token)?.id, tokens.wasWithdrawn(id)]).toEqual([id, false]);
    expect(tokens.revoke("ci")).toEqual([id]);
    expect([tokens.verify(token), tokens.wasWithdrawn(id)]).toEqual([undefined, true]);
  });

  test("are kept as hashes that open nothing (code-server #7696)", () => {
    const { tokens, db } = setUp();
    const { token } = tokens.create({ name: "ci", scope: "admin" });
    const row = JSON.stringify(db.prepare("SELECT * FROM tokens").all());
    expect(row).not.toContain(token);
    const hash = Buffer.from(hashSecret(token));
    for (const form of ["hex", "base64", "base64url"] as const) {
      expect(tokens.verify(hash.toString(form))).toBeUndefined();
    }
  });

  test("carry at least 128 random bits (code-server's guessed passwords)", () => {
    const { tokens, codes } = setUp();
    expect(Buffer.from(tokens.create({ name: "a", scope: "read" }).token.slice(4), "base64url").length).toBe(32);
    expect(Buffer.from(codes.create().code, "base64url").length).toBeGreaterThanOrEqual(16);
  });

  test("are never compared themselves, only digests of one length (code-server's guessed passwords)", () => {
    const { db, clock } = setUp();
    const given: unknown[] = [];
    const tokens = createTokens(
      listeningTo(db, (...parameters) => void given.push(...parameters)),
      clock,
    );
    const { token } = tokens.create({ name: "ci", scope: "write" });
    for (const guess of [token.slice(0, -1), token.slice(0, 10), "", "x".repeat(100_000), token]) {
      given.length = 0;
      expect(tokens.verify(guess) === undefined).toBe(guess !== token);
      expect(given[0]).toEqual(hashSecret(guess));
      expect(hashSecret(guess)).toHaveLength(32);
      expect(given.filter((each) => typeof each === "string" && each.includes(token.slice(0, 10)))).toEqual([]);
    }
  });

  test("are good by a comparison that takes the same time wherever it differs (code-server's guessed passwords)", () => {
    const { db, clock } = setUp();
    const lengths: number[][] = [];
    const real = crypto.timingSafeEqual;
    onTestFinished(() => observe(real));
    observe((one, other) => {
      lengths.push([one.byteLength, other.byteLength]);
      return real(one, other);
    });
    // An index that offers a row for whatever is asked, so that the comparison alone decides.
    const { token } = createTokens(db, clock).create({ name: "ci", scope: "write" });
    const any = db.prepare("SELECT * FROM tokens").get();
    const tokens = createTokens(
      listeningTo(db, (given) => (given instanceof Uint8Array ? any : undefined)),
      clock,
    );
    expect(tokens.verify("a guess")).toBeUndefined();
    expect(tokens.verify(token)).toMatchObject({ name: "ci" });
    expect(lengths).toEqual([
      [32, 32],
      [32, 32],
    ]);
  });

  test("end at their time, and browser tokens when they were idle for their time", () => {
    const { tokens, clock } = setUp();
    const fixed = tokens.create({ name: "fixed", scope: "read", ttlMs: 1_000 });
    const browser = tokens.create({ name: "browser", scope: "admin", idleMs: 3_600_000 });
    clock.advance(3_599_000);
    expect(tokens.verify(fixed.token)).toBeUndefined();
    expect(tokens.verify(browser.token)).toBeDefined();
    clock.advance(3_599_000);
    expect(tokens.verify(browser.token)).toBeDefined();
    clock.advance(3_601_000);
    expect(tokens.verify(browser.token)).toBeUndefined();
    expect(tokens.list()).toEqual([]);
  });

  test("that end after some idle time end after a longer one where that is chosen, and no other does", () => {
    const { tokens, clock } = setUp();
    const browser = tokens.create({ name: "browser", scope: "admin", idleMs: 3_600_000 });
    const fixed = tokens.create({ name: "fixed", scope: "read", ttlMs: 3_600_000 });
    for (const { id } of [browser, fixed]) tokens.change(id, { idleMs: 86_400_000 });
    tokens.change(browser.id, { idleMs: 1_000 });
    clock.advance(86_399_000);
    expect(tokens.get(fixed.id)).toBeUndefined();
    expect(tokens.verify(browser.token)).toBeDefined();
    clock.advance(86_399_000);
    expect(tokens.get(browser.id)).toBeDefined();
    clock.advance(2_000);
    expect(tokens.get(browser.id)).toBeUndefined();
  });

  test("of a device are not revoked by its name, which a token for a script may have, too", () => {
    const { tokens } = setUp();
    const script = tokens.create({ name: "laptop", scope: "read" });
    const device = tokens.create({ name: "laptop", scope: "admin", device: { kind: "cli", platform: "linux" } });
    expect(tokens.revoke("laptop")).toEqual([script.id]);
    expect(tokens.verify(device.token)).toBeDefined();
    expect(tokens.revoke(device.id)).toEqual([device.id]);
  });

  test("are gone at once when they are revoked, by id or by name (OpenClaw GHSA-m8wm)", () => {
    const { tokens } = setUp();
    const [one, two] = [tokens.create({ name: "x", scope: "read" }), tokens.create({ name: "y", scope: "read" })];
    expect(tokens.revoke(one.id)).toEqual([one.id]);
    expect(tokens.revoke("y")).toEqual([two.id]);
    expect(tokens.revoke("y")).toEqual([]);
    expect(tokens.verify(one.token)).toBeUndefined();
    expect(tokens.verify(two.token)).toBeUndefined();
  });

  test("are told to who holds them for thirty days after their end, by nothing that opens anything, and are forgotten then", () => {
    const { tokens, clock, db } = setUp();
    const [revoked, expired] = [
      tokens.create({ name: "gone", scope: "read" }),
      tokens.create({ name: "old", scope: "read", ttlMs: 1_000 }),
    ];
    tokens.revoke("gone");
    clock.advance(2_000);
    const ends = () => [revoked, expired].map(({ token }) => tokens.endOf(token));
    expect(ends()).toEqual(["revoked", "expired"]);
    // A create sweeps what has expired.
    tokens.create({ name: "new", scope: "read" });
    expect(ends()).toEqual(["revoked", "expired"]);
    expect(tokens.endOf("wst_guess")).toBe("unknown");
    const kept = db.prepare("SELECT * FROM ended_tokens").all();
    expect(kept.map((row) => Object.keys(row))).toEqual([
      ["hash", "why", "ended_at", "withdrawn"],
      ["hash", "why", "ended_at", "withdrawn"],
    ]);
    expect(tokens.verify(revoked.token)).toBeUndefined();
    clock.advance(30 * 86_400_000);
    expect(ends()).toEqual(["unknown", "unknown"]);
    tokens.create({ name: "short", scope: "read" });
    tokens.revoke("short");
    expect(db.prepare("SELECT count(*) AS n FROM ended_tokens").get()).toMatchObject({ n: 1 });
  });

  test("are revoked on a full disk too, where nobody can be told why later", () => {
    const { tokens, db } = setUp();
    const { token } = tokens.create({ name: "ci", scope: "read" });
    db.exec("CREATE TRIGGER full BEFORE INSERT ON ended_tokens BEGIN SELECT RAISE(ABORT, 'full'); END");
    expect(tokens.revoke("ci")).toHaveLength(1);
    expect(tokens.verify(token)).toBeUndefined();
    expect(tokens.endOf(token)).toBe("unknown");
  });
});

describe("one-time codes", () => {
  test("work once", () => {
    const { codes } = setUp();
    const { code } = codes.create();
    const good = () => "good";
    expect(codes.redeem(code, good)).toBe("good");
    expect(codes.redeem(code, good)).toBeUndefined();
    expect(codes.redeem("x", good)).toBeUndefined();
  });

  test("stay good where what they were spent for could not be made", () => {
    const { codes } = setUp();
    const { code } = codes.create();
    const full = () => {
      throw new Error("full");
    };
    expect(() => codes.redeem(code, full)).toThrow("full");
    expect(codes.redeem(code, () => "good")).toBe("good");
  });

  test("end with whoever made them, and name who did where they are spent", () => {
    const { codes } = setUp();
    const made = ["tok-1", "tok-1", "tok-2", undefined].map((maker) => codes.create(maker).code);
    const by = (code = ""): string | undefined => codes.redeem(code, (maker) => maker ?? "nobody");
    expect(by(made[0])).toBe("tok-1");
    codes.endOf("tok-1");
    expect(made.slice(1).map(by)).toEqual([undefined, "tok-2", "nobody"]);
  });

  test("end after five minutes", () => {
    const { codes, clock } = setUp();
    const { code } = codes.create();
    clock.advance(300_001);
    expect(codes.redeem(code, () => "good")).toBeUndefined();
  });
});

/** Node's own function with somebody watching: it has no port, and what it does stays what it is. */
function observe(comparison: typeof crypto.timingSafeEqual): void {
  crypto.timingSafeEqual = comparison;
  syncBuiltinESMExports();
}

/** The database, with each statement's parameters told; what the listener gives back is the answer in place of the real one. */
function listeningTo(db: DatabaseSync, listener: (...parameters: unknown[]) => unknown): DatabaseSync {
  const statement = (real: StatementSync): StatementSync =>
    new Proxy(real, {
      get:
        (_real, method: "get" | "run" | "all") =>
        (...parameters: never[]) =>
          listener(...parameters) ?? real[method](...parameters),
    });
  return new Proxy(db, { get: () => (sql: string) => statement(db.prepare(sql)) });
}
