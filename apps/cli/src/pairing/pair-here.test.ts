import type { PairingEvent } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { expect, test } from "vitest";
import { createContext } from "../context.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { pairHere } from "./pair-here.ts";

const OPEN = {
  id: "p1",
  code: "K7QM-4XTR",
  expires: "2026-03-01T14:05:09.000Z",
  scope: "admin",
  link: "http://desk:7391/#pair=K7QM4XTR",
  reach: "machine",
} as const;

/** Opens a pairing whose watching tells these events and then fails; what came of it. */
async function pairAtWorker(events: PairingEvent[], close: () => Promise<unknown> = async () => ({ success: true })) {
  const closed: string[] = [];
  const pairing = {
    open: async () => OPEN,
    watch: async () =>
      (async function* () {
        yield* events;
        throw new Error("the connection broke");
      })(),
    close: ({ id }: { id: string }) => {
      closed.push(id);
      return close();
    },
  };
  const io = createFakeIo();
  const ended = await pairHere(createContext(io), { pairing } as unknown as AgentClient, undefined).then(
    () => "paired",
    (error: Error) => error.message,
  );
  return { ended, closed, err: io.err() };
}

const REFUSED: PairingEvent = { type: "refused", peer: "192.0.2.7", left: 4 };
const DEVICE = {
  id: "tok-1",
  name: "laptop",
  kind: "cli",
  platform: "linux",
  scope: "admin",
  created: "2026-03-01T14:00:00.000Z",
  own: false,
} as const;

test.each([[[]], [[REFUSED]]])("a code whose watching breaks after %j is closed", async (events) => {
  const { ended, closed, err } = await pairAtWorker(events);
  expect([ended, closed]).toEqual(["the connection broke", ["p1"]]);
  expect(err).not.toContain("could not be closed");
});

test("a code that cannot be closed is said to be good", async () => {
  const { ended, err } = await pairAtWorker([], () => Promise.reject(new Error("nobody there")));
  expect(ended).toBe("the connection broke");
  expect(err).toMatch(/The code could not be closed, and is good until \d\d:05:09\./);
});

test("a code that was used or has ended is not closed again", async () => {
  expect(await pairAtWorker([REFUSED, { type: "paired", device: DEVICE }])).toMatchObject({
    ended: "paired",
    closed: [],
  });
  const { ended, closed } = await pairAtWorker([{ type: "ended", why: "guessed" }]);
  expect(ended).toContain("Five wrong codes");
  expect(closed).toEqual([]);
});
