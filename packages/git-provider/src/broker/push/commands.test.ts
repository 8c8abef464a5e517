import fc from "fast-check";
import { expect, test } from "vitest";
import { FLUSH, MalformedPush, pktLine, readPktLines } from "../protocol/pkt-line.ts";
import { type PushHead, readPushHead } from "./commands.ts";

const NONE = "0".repeat(40);
const ONE = "1".repeat(40);
const TWO = "2".repeat(40);

test("commands, capabilities and what follows are told apart, however the bytes are cut", async () => {
  const lines = [
    pktLine(`shallow ${TWO}\n`),
    pktLine(`${NONE} ${ONE} refs/heads/a\0 report-status side-band-64k\n`),
    pktLine(`${ONE} ${NONE} refs/heads/b`),
    pktLine(`${ONE} ${TWO} refs/heads/ünï\n`),
  ];
  const whole = Buffer.concat([...lines, FLUSH, Buffer.from("PACK0000")]);
  for (const size of [1, 7, 64, whole.length]) {
    const reader = readPktLines(chunks(whole, size), 10_000);
    const head = await readPushHead(reader);
    expect(head.commands).toEqual([
      { ref: "refs/heads/a", to: ONE },
      { ref: "refs/heads/b", from: ONE },
      { ref: "refs/heads/ünï", from: ONE, to: TWO },
    ]);
    expect([...head.capabilities]).toEqual(["report-status", "side-band-64k"]);
    expect(reader.taken()).toEqual(whole.subarray(0, -8));
    expect(Buffer.concat(await Array.fromAsync(reader.rest())).toString()).toBe("PACK0000");
  }
});

test("what is taken as lines is bounded, however long it goes on", async () => {
  let given = 0;
  const endless = (async function* () {
    for (;;) {
      given += 1;
      yield pktLine(`shallow ${ONE}\n`);
    }
  })();
  await expect(readPushHead(readPktLines(endless, 100_000))).rejects.toThrow(/has no end/);
  expect(given).toBeLessThan(3_000);
});

test("hostile bytes are taken apart or refused as malformed, and nothing else comes of them", async () => {
  const hex = fc.constantFrom("0000", "0001", "0003", "0004", "0005", "0032", "fff0", "ffff", "00zz");
  const part = fc.oneof(hex, fc.string({ maxLength: 60 }), fc.constant(`${NONE} ${ONE} refs/heads/a\0 x`));
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 12 }), fc.integer({ min: 1, max: 40 }), async (parts, size) => {
      const outcome = await readPushHead(readPktLines(chunks(Buffer.from(parts.join("")), size), 5_000)).catch(
        (error: unknown) => error,
      );
      const isHead = Array.isArray((outcome as Partial<PushHead>).commands);
      expect(isHead || outcome instanceof MalformedPush).toBe(true);
    }),
  );
});

async function* chunks(whole: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}
