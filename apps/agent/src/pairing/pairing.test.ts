import { createHash } from "node:crypto";
import { createManualClock } from "@ws/workspace-core/testing";
import type { DeviceInput } from "@ws/rpc-contract";
import {
  deviceMessage,
  parsePairingCode,
  showPairingCode,
  workerMessage,
  type PairedAs,
} from "@ws/rpc-contract/pairing";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createThrottle } from "../access/throttle.ts";
import { createCode } from "./code.ts";
import { createPairing, type PairingNews } from "./pairing.ts";
import { createProver, isProof, proofOf } from "./prove.ts";
import type { PairingSession } from "./sessions.ts";

const LAPTOP: DeviceInput = { name: "laptop", kind: "cli", platform: "linux" };
const NONCE = Buffer.alloc(16, 7).toString("base64url");
const MINUTES = 60_000;

/** What is slow on purpose is quick here; all else is as it is. */
const derive = async (code: string, salt: Uint8Array): Promise<Uint8Array> =>
  createHash("sha256").update(code).update(salt).digest();

function setUp() {
  const clock = createManualClock();
  const admitted: (PairedAs & { name: string })[] = [];
  const guessed: string[] = [];
  const prover = createProver(derive);
  const pairing = createPairing({
    clock,
    throttle: createThrottle(clock),
    prover,
    closing: new AbortController().signal,
    admit({ name }, scope) {
      const made = { token: `wst_${admitted.length}`, device: `tok-${admitted.length}`, scope };
      admitted.push({ ...made, name });
      return made;
    },
    guessed: (peer) => void guessed.push(peer),
  });
  /** As a device that knows this code and sees this certificate. */
  const proofFor = async (session: PairingSession, code: string, pin: string, device = LAPTOP): Promise<string> => {
    const seen = { serverNonce: session.serverNonce, clientNonce: session.clientNonce, pin };
    return proofOf(await createProver(derive).keyOf(code, seen), deviceMessage(session.id, device));
  };
  const pair = async (code: string, peer = "10.0.0.2") => {
    const session = pairing.begin(NONCE, { peer, pin: "" });
    const proof = await proofFor(session, code, "");
    return pairing.finish({ session: session.id, proof, device: LAPTOP }, { peer, pin: "" });
  };
  return { clock, pairing, admitted, guessed, pair, proofFor };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "ok",
    (error: unknown) => (error as { code: string }).code,
  );
}

async function all(news: AsyncIterable<PairingNews>): Promise<PairingNews[]> {
  const seen: PairingNews[] = [];
  for await (const one of news) seen.push(one);
  return seen;
}

describe("one code, one device", () => {
  test("the code is shown in two halves, and typed in any way", () => {
    const code = createCode();
    expect(showPairingCode(code)).toMatch(/^[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}$/);
    for (const typed of [code, showPairingCode(code).toLowerCase(), ` ${code.slice(0, 3)} ${code.slice(3)} `]) {
      expect(parsePairingCode(typed)).toBe(code);
    }
    for (const typed of ["", code.slice(1), `${code}A`, "K7QM-4XT0", "K7QM-4XT1", "ÄÄÄÄÄÄÄÄ"]) {
      expect(parsePairingCode(typed)).toBeUndefined();
    }
  });

  test("a second use, of the same session or of a new one, is refused", async () => {
    const { pairing, pair, admitted, proofFor } = setUp();
    const { code } = pairing.open("write");
    const session = pairing.begin(NONCE, { peer: "10.0.0.2", pin: "" });
    const asked = { session: session.id, proof: await proofFor(session, code, ""), device: LAPTOP };
    expect(await pairing.finish(asked, { peer: "10.0.0.2", pin: "" })).toMatchObject({ scope: "write" });
    expect(await codeOf(pairing.finish(asked, { peer: "10.0.0.2", pin: "" }))).toBe("pairing_failed");
    expect(await codeOf(pair(code))).toBe("pairing_failed");
    expect(admitted).toHaveLength(1);
  });

  test("of two devices that prove it at the same moment one is let in", async () => {
    const { pairing, pair, admitted } = setUp();
    const { code } = pairing.open("admin");
    const outcomes = await Promise.all(["10.0.0.2", "10.0.0.3"].map((peer) => codeOf(pair(code, peer))));
    expect(outcomes.sort()).toEqual(["ok", "pairing_failed"]);
    expect(admitted).toHaveLength(1);
  });

  test("after ten minutes it is no good, and whoever watches is told", async () => {
    const { pairing, pair, clock } = setUp();
    const { id, code } = pairing.open("admin");
    const watched = all(pairing.watch(id, new AbortController().signal));
    clock.advance(10 * MINUTES);
    expect(await codeOf(pair(code))).toBe("pairing_failed");
    expect(await watched).toEqual([{ type: "ended", why: "expired" }]);
  });

  test("setting the clock of the machine back gives it no more time", async () => {
    const { pairing, pair, clock } = setUp();
    const { code } = pairing.open("admin");
    clock.advance(9 * MINUTES);
    clock.jump(-60 * MINUTES);
    clock.advance(1 * MINUTES);
    expect(await codeOf(pair(code))).toBe("pairing_failed");
  });

  test("the fifth wrong one ends it: the sixth try fails with the right code, too", async () => {
    const { pairing, pair, guessed } = setUp();
    const { id, code } = pairing.open("admin");
    const watched = all(pairing.watch(id, new AbortController().signal));
    for (let guess = 1; guess <= 5; guess += 1) {
      expect(await codeOf(pair("WRNGWRNG", `10.0.1.${guess}`))).toBe("pairing_failed");
    }
    expect(await codeOf(pair(code))).toBe("pairing_failed");
    expect(guessed).toEqual(["10.0.1.5"]);
    expect((await watched).at(-1)).toEqual({ type: "ended", why: "guessed" });
  });

  test("an address that goes on guessing has to wait, whichever code is open", async () => {
    const { pairing, pair } = setUp();
    const outcomes: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      pairing.open("admin");
      for (let guess = 0; guess < 4; guess += 1) {
        outcomes.push(await codeOf(new Promise((resolve) => resolve(pair("WRNGWRNG")))));
      }
    }
    expect(outcomes.filter((outcome) => outcome === "pairing_failed")).toHaveLength(10);
    expect(outcomes.at(-1)).toBe("too_many_requests");
  });

  test("where adding the device fails, as on a full disk, the code stays good", async () => {
    const { clock } = setUp();
    let room = false;
    const pairing = createPairing({
      clock,
      throttle: createThrottle(clock),
      prover: createProver(derive),
      closing: new AbortController().signal,
      admit(_device, scope) {
        if (!room) throw new Error("no room");
        return { token: "wst_1", device: "tok-1", scope };
      },
      guessed: () => undefined,
    });
    const { code } = pairing.open("admin");
    const attempt = async () => {
      const from = { peer: "10.0.0.2", pin: "" };
      const session = pairing.begin(NONCE, from);
      const key = await createProver(derive).keyOf(code, session);
      return pairing.finish(
        { session: session.id, proof: proofOf(key, deviceMessage(session.id, LAPTOP)), device: LAPTOP },
        from,
      );
    };
    await expect(attempt()).rejects.toThrow("no room");
    room = true;
    expect(await attempt()).toMatchObject({ token: "wst_1" });
  });

  test("a new code takes the place of the old one, and closing an old one does nothing to it", async () => {
    const { pairing, pair } = setUp();
    const [first, second] = [pairing.open("admin"), pairing.open("read")];
    expect(await all(pairing.watch(first.id, new AbortController().signal))).toEqual([
      { type: "ended", why: "replaced" },
    ]);
    pairing.close(first.id);
    expect(await codeOf(pair(first.code))).toBe("pairing_failed");
    expect(await pair(second.code)).toMatchObject({ scope: "read" });
    pairing.close(second.id);
    expect(await all(pairing.watch(second.id, new AbortController().signal))).toEqual([
      { type: "paired", device: "tok-0" },
    ]);
  });
});

describe("a code that is looked at where it was made", () => {
  test("ends 15 seconds after its last watcher has gone, and not while a page is only loaded again", async () => {
    const { clock, pairing, pair } = setUp();
    const { id, code } = pairing.open("admin", { attended: true });
    const look = () => {
      const gone = new AbortController();
      const seen = all(pairing.watch(id, gone.signal)).catch(() => undefined);
      return async () => {
        gone.abort();
        await seen;
      };
    };
    clock.advance(14_000);
    const leave = look();
    clock.advance(60_000);
    await leave();
    clock.advance(14_000);
    const leaveAgain = look();
    clock.advance(14_000);
    await new Promise(setImmediate);
    await leaveAgain();
    clock.advance(14_000);
    await new Promise(setImmediate);
    const watched = all(pairing.watch(id, new AbortController().signal));
    expect(await pair(code)).toMatchObject({ scope: "admin" });
    expect(await watched).toEqual([{ type: "paired", device: "tok-0" }]);
  });

  test.each([
    ["where nobody ever watched it", false],
    ["where its only watcher has gone", true],
  ])("is no good then %s", async (_where, isWatched) => {
    const { clock, pairing, pair } = setUp();
    const { id, code } = pairing.open("admin", { attended: true });
    if (isWatched) {
      const gone = new AbortController();
      const seen = all(pairing.watch(id, gone.signal)).catch(() => undefined);
      gone.abort();
      await seen;
    }
    clock.advance(15_000);
    await new Promise(setImmediate);
    expect(await codeOf(pair(code))).toBe("pairing_failed");
    expect(await all(pairing.watch(id, new AbortController().signal))).toEqual([{ type: "ended", why: "closed" }]);
  });
});

describe("who is in between", () => {
  test("a proof made for another certificate is worth nothing, and counts as wrong", async () => {
    const { pairing, proofFor, admitted } = setUp();
    const { code } = pairing.open("admin");
    const session = pairing.begin(NONCE, { peer: "10.0.0.2", pin: "OURS" });
    const proof = await proofFor(session, code, "THEIRS");
    const asked = { session: session.id, proof, device: LAPTOP };
    expect(await codeOf(pairing.finish(asked, { peer: "10.0.0.2", pin: "OURS" }))).toBe("pairing_failed");
    expect(admitted).toEqual([]);
  });

  test("what was proven is to add this device: one with another name or key is not added with it", async () => {
    const { pairing, proofFor, admitted } = setUp();
    const { code } = pairing.open("admin");
    for (const other of [{ name: "attacker" }, { sshKey: "ssh-ed25519 AAAA" }]) {
      const session = pairing.begin(NONCE, { peer: "10.0.0.2", pin: "" });
      const asked = { session: session.id, proof: await proofFor(session, code, ""), device: { ...LAPTOP, ...other } };
      expect(await codeOf(pairing.finish(asked, { peer: "10.0.0.2", pin: "" }))).toBe("pairing_failed");
    }
    expect(admitted).toEqual([]);
  });

  test("the worker proves that it knows the code for the very token that it gives", async () => {
    const { pairing, pair } = setUp();
    const { code } = pairing.open("admin");
    const sessions: PairingSession[] = [];
    const begin = pairing.begin.bind(pairing);
    pairing.begin = (nonce, from) => {
      const session = begin(nonce, from);
      sessions.push(session);
      return session;
    };
    const { proof, ...made } = await pair(code);
    const [session] = sessions;
    if (session === undefined) throw new Error("nothing was begun");
    const key = await createProver(derive).keyOf(code, session);
    expect(isProof(proof, proofOf(key, workerMessage(session.id, made)))).toBe(true);
    expect(isProof(proof, proofOf(key, workerMessage(session.id, { ...made, token: "wst_other" })))).toBe(false);
  });

  test("who begins again and again pushes out itself, and nobody else", async () => {
    const { pairing, proofFor } = setUp();
    const { code } = pairing.open("admin");
    const session = pairing.begin(NONCE, { peer: "10.0.0.2", pin: "" });
    for (let flood = 0; flood < 200; flood += 1) pairing.begin(NONCE, { peer: "10.6.6.6", pin: "" });
    const proof = await proofFor(session, code, "");
    const from = { peer: "10.0.0.2", pin: "" };
    expect(await codeOf(pairing.finish({ session: session.id, proof, device: LAPTOP }, from))).toBe("ok");
  });

  test("a crowd is refused and not kept in memory, and forgotten after a minute", () => {
    const { pairing, clock } = setUp();
    pairing.open("admin");
    const crowd = (from: number): void => {
      for (let one = from; one < from + 17; one += 1) pairing.begin(NONCE, { peer: `10.0.2.${one}`, pin: "" });
    };
    expect(() => crowd(0)).toThrow(expect.objectContaining({ code: "too_many_requests" }));
    clock.advance(1 * MINUTES);
    expect(() => crowd(100)).toThrow(expect.objectContaining({ code: "too_many_requests" }));
  });
});

type Step =
  | { do: "open" }
  | { do: "close" }
  | { do: "begin"; pin: string; knows: boolean }
  | { do: "finish"; which: number; claims: string; seen: string }
  | { do: "wait"; ms: number };

const pins = fc.constantFrom("", "OURS", "THEIRS");
const steps = fc.array(
  fc.oneof(
    fc.constant({ do: "open" as const }),
    fc.constant({ do: "close" as const }),
    { weight: 4, arbitrary: fc.record({ do: fc.constant("begin" as const), pin: pins, knows: fc.boolean() }) },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant("finish" as const), which: fc.nat(6), claims: pins, seen: pins }),
    },
    fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(1_000, 30_000, 300_000) }),
  ),
  { maxLength: 40 },
);

test("in whatever order it is begun, finished, repeated and relayed: a code gives one token or none, and only by its own proof", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script: Step[]) => {
      const { pairing, proofFor, admitted, clock } = setUp();
      const opened: { id: string; code: string; since: number; tokens: number }[] = [];
      const begun: { session: PairingSession; pin: string; code: string; by: (typeof opened)[number] | undefined }[] =
        [];
      for (const step of script) {
        const latest = opened.at(-1);
        if (step.do === "open") {
          opened.push({ ...pairing.open("admin"), since: clock.monotonic(), tokens: 0 });
        } else if (step.do === "close") pairing.close(latest?.id ?? "");
        else if (step.do === "wait") clock.advance(step.ms);
        else if (step.do === "begin") {
          try {
            const session = pairing.begin(NONCE, { peer: "10.0.0.2", pin: step.pin });
            begun.push({ session, pin: step.pin, code: step.knows ? (latest?.code ?? "") : "WRNGWRNG", by: latest });
          } catch {
            // Refused: there is nothing to go on with.
          }
        } else {
          const one = begun[step.which % Math.max(1, begun.length)];
          if (one === undefined) continue;
          const before = admitted.length;
          const proof = await proofFor(one.session, one.code, step.claims);
          const asked = { session: one.session.id, proof, device: LAPTOP };
          const outcome = await codeOf(pairing.finish(asked, { peer: "10.0.0.2", pin: step.seen }));
          expect(admitted.length - before).toBe(outcome === "ok" ? 1 : 0);
          if (outcome !== "ok") continue;
          expect(one.by).toBe(latest);
          expect(one.code).toBe(latest?.code);
          expect([step.claims, step.seen]).toEqual([one.pin, one.pin]);
          expect(clock.monotonic() - (latest?.since ?? 0)).toBeLessThan(10 * MINUTES);
          if (latest !== undefined) latest.tokens += 1;
        }
      }
      expect(opened.filter(({ tokens }) => tokens > 1)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
