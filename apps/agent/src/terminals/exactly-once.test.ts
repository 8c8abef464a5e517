import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { connectTerminal, type TerminalConnection } from "@ws/rpc-contract/terminal-client";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { startTerminalServer } from "../testing/terminal-server.ts";

/** What becomes of one connection: after so many bytes of the client the client is cut off. */
interface Cut {
  after: number;
  /** So many of them are still under way, and reach the server after the next connection has been answered. */
  late: number;
}

/** More than what a client says until it is attached. */
const HANDSHAKE = 600;

/** A way to a server on which each connection has its cut, and those after them none. */
async function cutting(port: number, cuts: readonly Cut[]): Promise<number> {
  let count = 0;
  let whenAnswered: (() => void)[] = [];
  const server = createServer((client) => {
    const cut = cuts[count++];
    const upstream = connect(port, "127.0.0.1");
    let passed = 0;
    const pass = (bytes: Buffer): void => void (upstream.destroyed || upstream.write(bytes));
    client.on("data", (bytes: Buffer) => {
      const at = passed;
      passed += bytes.length;
      if (cut === undefined) return pass(bytes);
      const split = Math.max(0, Math.max(HANDSHAKE, cut.after - cut.late) - at);
      pass(bytes.subarray(0, split));
      const late = bytes.subarray(split, Math.max(0, cut.after - at));
      if (late.length > 0) whenAnswered.push(() => pass(late));
      if (passed >= cut.after) client.destroy();
      else if (late.length > 0) setImmediate(() => client.destroy());
    });
    upstream.on("data", (bytes) => {
      if (!client.destroyed) client.write(bytes);
      // What comes behind the answer to the handshake.
      if (passed > HANDSHAKE) for (const run of whenAnswered.splice(0)) setImmediate(run);
    });
    client.on("error", () => undefined);
    if (cut === undefined) client.on("close", () => upstream.destroy());
    upstream.on("error", () => undefined).on("close", () => client.destroy());
    onTestFinished(() => void upstream.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

function attach(port: number, lost: number[]): Promise<TerminalConnection> {
  return new Promise((resolve) => {
    const connection = connectTerminal({
      open: () => new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false }),
      terminal: "main",
      create: true,
      size: () => ({ cols: 80, rows: 24 }),
      sink: { write: (_, parsed) => parsed(), repaint: (_, parsed) => parsed(), reset() {}, resized() {} },
      // A test has no second to wait for the next attempt.
      timers: {
        now: () => 0,
        after(ms, run) {
          const timer = setTimeout(run, ms < 2_000 ? 0 : ms);
          return () => clearTimeout(timer);
        },
      },
      onState: (state) => state.kind === "attached" && resolve(connection),
      onLost: (bytes) => void lost.push(bytes),
    });
    onTestFinished(() => connection.close());
  });
}

test("Wherever the link is cut, each typed byte reaches the program once and in order", async () => {
  const cut = fc.record({ after: fc.integer({ min: 1, max: 6_000 }), late: fc.nat({ max: 2_000 }) });
  const lengths = fc.array(fc.integer({ min: 1, max: 1_200 }), { minLength: 6, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 4 }), lengths, async (cuts, lengths) => {
      const { terminals, port } = await startTerminalServer();
      const lost: number[] = [];
      const connection = await attach(await cutting(port, cuts), lost);
      const sent: Uint8Array[] = [];
      for (const length of lengths) {
        const bytes = Uint8Array.from(randomBytes(length));
        expect(connection.send(bytes)).toBe(true);
        sent.push(bytes);
        await new Promise(setImmediate);
      }
      await expect.poll(() => connection.waiting(), { interval: 2 }).toBe(0);
      expect(terminals.typed("main")).toBe(Buffer.concat(sent).toString("latin1"));
      expect(lost).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test("A paste of 1 MiB whose link is cut in the middle arrives whole", async () => {
  const { terminals, port } = await startTerminalServer();
  const lost: number[] = [];
  const way = await cutting(port, [
    { after: 300_000, late: 0 },
    { after: 500_001, late: 200_000 },
    { after: 170_000, late: 150_000 },
  ]);
  const connection = await attach(way, lost);
  const paste = randomBytes(1024 * 1024);
  expect(connection.send(Uint8Array.from(paste))).toBe(true);
  await expect.poll(() => connection.waiting(), { interval: 10, timeout: 10_000 }).toBe(0);
  const sum = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");
  expect(sum(Buffer.from(terminals.typed("main"), "latin1"))).toBe(sum(paste));
  expect(lost).toEqual([]);
});
