import headless from "@xterm/headless";
import { expect, test } from "vitest";
import { startTerminalServer } from "../testing/terminal-server.ts";

async function attach(attach: object = {}) {
  const server = await startTerminalServer();
  const client = await server.connect();
  const frames: Buffer[] = [];
  client.socket.on("message", (data: Buffer, binary: boolean) => binary && frames.push(data));
  client.say({ type: "attach", cols: 80, rows: 24, ...attach });
  await client.frame("attached");
  return { ...server, client, frames };
}

/** The first line of a browser's terminal that is given these frames. */
async function shown(frames: readonly Uint8Array[]): Promise<string | undefined> {
  const terminal = new headless.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  for (const frame of frames) await new Promise<void>((resolve) => terminal.write(frame, resolve));
  return terminal.buffer.active.getLine(0)?.translateToString(true);
}

test.each(["—", "é", "、", "😀"])("A browser shows %s also where it comes in parts", async (character) => {
  const bytes = Buffer.from(`a${character}b`);
  for (let cut = 2; cut < bytes.length - 1; cut += 1) {
    const { terminals, client, frames } = await attach();
    terminals.print("main", bytes.subarray(0, cut));
    await client.until((got) => got.length > 0);
    terminals.print("main", bytes.subarray(cut));
    await client.until((got) => got.length === bytes.length);
    expect(await shown(frames)).toBe(`a${character}b`);
  }
});

test("No frame of a flood ends within a character, neither of what is kept here nor of what the workspace has", async () => {
  const { terminals, client, connect } = await attach();
  const all = Buffer.from("a—é😀".repeat(600_000));
  for (let at = 0; at < all.length; at += 10_007) terminals.print("main", all.subarray(at, at + 10_007));
  const late = await connect();
  const frames: Buffer[] = [];
  late.socket.on("message", (data: Buffer, binary: boolean) => binary && frames.push(data));
  late.say({ type: "attach", cols: 80, rows: 24, since: 0 });
  for (const each of [client, late]) await each.until((bytes) => bytes.length === all.length);
  expect(late.bytes().equals(all)).toBe(true);
  const strict = new TextDecoder("utf-8", { fatal: true });
  for (const frame of frames) strict.decode(frame);
});

test("A screen that is painted within a character leaves all of it to what comes after", async () => {
  const { terminals, client, connect } = await attach();
  terminals.print("main", Buffer.from("a—").subarray(0, 3));
  await client.until((bytes) => bytes.length > 0);
  const late = await connect();
  const frames: Buffer[] = [];
  late.socket.on("message", (data: Buffer, binary: boolean) => binary && frames.push(data));
  late.say({ type: "attach", cols: 80, rows: 24 });
  expect(await late.frame("attached")).toMatchObject({ offset: 1 });
  await late.until((bytes) => bytes.includes("a"));
  terminals.print("main", Buffer.from("—b").subarray(2));
  await late.until((bytes) => bytes.at(-1) === 0x62);
  expect(await shown(frames)).toBe("a—b");
});

test("What can be no character is not held back", async () => {
  const { terminals, client } = await attach();
  const all = ["\xff", "\xc0", "\xe0\x80", "\xf5\x80", "\x80\x80\x80"];
  for (const [index, broken] of all.entries()) {
    terminals.print("main", Buffer.from(broken, "latin1"));
    await expect.poll(() => client.bytes().toString("latin1")).toBe(all.slice(0, index + 1).join(""));
  }
});

test("The beginning of a character that has no rest comes soon", async () => {
  const { terminals, clock, client } = await attach();
  terminals.print("main", Buffer.from("caf\xe9", "latin1"));
  await client.until((bytes) => bytes.toString("latin1") === "caf");
  const later = (): string => {
    clock.advance(100);
    return client.bytes().toString("latin1");
  };
  await expect.poll(later).toBe("caf\xe9");
});

test("A terminal that ends within a character gives all it has", async () => {
  const { terminals, client } = await attach();
  terminals.print("main", Buffer.from("a—").subarray(0, 3));
  await client.until((bytes) => bytes.length > 0);
  terminals.exit("main", 0);
  expect(await client.closed).toBe(1000);
  expect(client.bytes()).toEqual(Buffer.from("a—").subarray(0, 3));
});
