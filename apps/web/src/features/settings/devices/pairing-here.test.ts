import type { DeviceInfo, PairingEvent } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { pairHere, type OpenPairing, type PairingState } from "./pairing-here.ts";

const OPEN: OpenPairing = {
  id: "pair-1",
  code: "K7QM-4XTR",
  expires: "2026-11-01T10:10:00.000Z",
  scope: "write",
  link: "https://192.168.1.20:7391/#pair=K7QM-4XTR",
  reach: "network",
};
const PHONE: DeviceInfo = {
  id: "tok-1",
  name: "phone",
  kind: "browser",
  platform: "Firefox on Android",
  scope: "write",
  created: "2026-11-01T10:01:00.000Z",
  own: false,
};

function setUp() {
  const asked: unknown[] = [];
  const closed: string[] = [];
  const states: PairingState[] = [];
  const opening = Promise.withResolvers<OpenPairing>();
  let hear: (event: PairingEvent) => void = () => {
    throw new Error("nobody watches");
  };
  const here = pairHere({
    pairing: {
      open(input) {
        asked.push(input);
        return opening.promise;
      },
      async close({ id }) {
        closed.push(id);
        return { success: true };
      },
    },
    watch(_id, listener) {
      hear = listener;
      return { stop: () => undefined };
    },
    scope: "write",
    tell: (state) => states.push(state),
  });
  const opened = async () => {
    opening.resolve(OPEN);
    await opening.promise;
    await Promise.resolve();
  };
  return { here, asked, closed, states, opening, opened, hear: (event: PairingEvent) => hear(event) };
}

test("A code is asked for that ends where nobody watches it, and is shown with what comes of it", async () => {
  const { asked, states, opened, hear, here, closed } = setUp();
  await opened();
  expect(asked).toEqual([{ scope: "write", attended: true }]);
  hear({ type: "refused", peer: "10.0.0.9", left: 4 });
  hear({ type: "paired", device: PHONE });
  hear({ type: "ended", why: "closed" });
  expect(states).toEqual([
    { kind: "opening" },
    { kind: "open", open: OPEN },
    { kind: "open", open: OPEN, refused: { peer: "10.0.0.9", left: 4 } },
    { kind: "paired", device: PHONE },
  ]);
  here.leave();
  expect(closed).toEqual([]);
});

test("A code is closed with what shows it", async () => {
  const { here, closed, opened, states, hear } = setUp();
  await opened();
  here.leave();
  expect(closed).toEqual([OPEN.id]);
  hear({ type: "ended", why: "closed" });
  expect(states.at(-1)?.kind).toBe("open");
});

test("A code that is answered after somebody has left is closed and shown to nobody", async () => {
  const { here, closed, opened, states } = setUp();
  here.leave();
  expect(closed).toEqual([]);
  await opened();
  expect(closed).toEqual([OPEN.id]);
  expect(states).toEqual([{ kind: "opening" }]);
});

test("What was in the way of a code is told", async () => {
  const { states, opening } = setUp();
  opening.reject(new TypeError("fetch failed"));
  await opening.promise.catch(() => undefined);
  await Promise.resolve();
  expect(states.at(-1)).toMatchObject({ kind: "failed", problem: { code: "unreachable" } });
});
