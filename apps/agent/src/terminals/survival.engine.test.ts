import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TerminalServerFrame } from "@ws/rpc-contract/frames";
import { connectTerminal } from "@ws/rpc-contract/terminal-client";
import headless from "@xterm/headless";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { startTerminalPlace } from "../testing/terminal-place.ts";

const PROGRAM = fileURLToPath(new URL("../testing/run-terminal-server.ts", import.meta.url));
let place: Awaited<ReturnType<typeof startTerminalPlace>>;

beforeAll(async () => {
  place = await startTerminalPlace();
});
afterAll(() => place[Symbol.asyncDispose]());

async function startServer() {
  const child = spawn(process.execPath, ["--conditions=source", PROGRAM, place.instance, place.id], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  onTestFinished(stop);
  return {
    url: `ws://127.0.0.1:${port.toString().trim()}`,
    kill: stop,
    /** Resident memory in MiB. */
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1024,
  };
}

interface Attached {
  socket: WebSocket;
  /** The next offset. */
  offset(): number;
  /** The program's bytes so far, painted screens left out. */
  bytes(): Buffer;
  /** The last bytes, painted or not. */
  tail(): string;
  /** What a terminal would show. */
  screen: InstanceType<typeof headless.Terminal>;
  painted(): boolean;
  type(text: string): void;
  until(condition: () => boolean): Promise<void>;
}

async function attach(url: string, request: object, { acks = true, keeps = true } = {}): Promise<Attached> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  onTestFinished(() => socket.terminate());
  const screen = new headless.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  const parts: Buffer[] = [];
  let offset: number | undefined;
  let paints = false;
  let painted = false;
  let tail = "";
  socket.on("message", (data: Buffer, binary: boolean) => {
    if (!binary) {
      const frame = JSON.parse(data.toString()) as TerminalServerFrame;
      if (frame.type === "attached" || frame.type === "screen") ({ offset } = frame);
      if (frame.type === "screen") paints = painted = true;
      return;
    }
    tail = (tail + data.toString("latin1")).slice(-4_000);
    if (keeps) screen.write(data);
    if (!paints) {
      if (keeps) parts.push(data);
      offset = (offset ?? 0) + data.length;
      if (acks) socket.send(JSON.stringify({ type: "ack", offset }));
    }
    paints = false;
  });
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "attach", cols: 80, rows: 24, ack: true, ...request }));
  const until = async (condition: () => boolean): Promise<void> => {
    await expect.poll(condition, { timeout: 60_000, interval: 10 }).toBe(true);
  };
  await until(() => offset !== undefined);
  return {
    socket,
    screen,
    until,
    offset: () => offset ?? 0,
    bytes: () => Buffer.concat(parts),
    painted: () => painted,
    tail: () => tail,
    type: (text) => socket.send(Buffer.from(text)),
  };
}

const ends = (terminal: Attached, text: string) => () => terminal.tail().includes(text);

function lines({ screen }: Attached): string[] {
  const { active } = screen.buffer;
  return Array.from({ length: 24 }, (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? "");
}

test("Base64 and coloured text arrive byte for byte", async () => {
  const { url } = await startServer();
  const terminal = await attach(url, { terminal: "bytes" });
  terminal.type(
    `stty -onlcr -echo; head -c 3000000 /dev/urandom | base64 >/tmp/text; awk 'BEGIN { for (i = 0; i < 60000; i++) printf "\\033[3%dmname %d\\033[0m\\n", i % 8, i }' >>/tmp/text; sha256sum </tmp/text | sed s/-/sum/\r`,
  );
  await terminal.until(ends(terminal, " sum\n"));
  const expected = /([0-9a-f]{64}) {2}sum/.exec(terminal.bytes().toString("latin1"))?.[1];
  terminal.type("echo be''gin; cat /tmp/text; echo en''d\r");
  await terminal.until(ends(terminal, "end\n"));
  const all = terminal.bytes();
  const text = all.subarray(all.indexOf("begin\n") + 6, all.lastIndexOf("end\n"));
  expect(createHash("sha256").update(text).digest("hex")).toBe(expected);
});

test("After a SIGKILL in the middle of a flood the same shell goes on at the same byte", async () => {
  const first = await startServer();
  const before = await attach(first.url, { terminal: "flood" });
  before.type("stty -onlcr -echo; echo =$$=; read; seq -f %015.0f 0 399999; echo en''d\r");
  await before.until(() => /=\d+=\n/.test(before.bytes().toString("latin1")));
  before.type("\r");
  await before.until(() => before.bytes().length > 500_000);
  await first.kill();

  const second = await startServer();
  const after = await attach(second.url, { terminal: "flood", since: before.offset() });
  await after.until(ends(after, "end\n"));
  expect(after.painted()).toBe(false);
  const all = Buffer.concat([before.bytes(), after.bytes()]).toString("latin1");
  const counted = all.slice(all.indexOf("000000000000000\n"), all.lastIndexOf("end\n"));
  const expected = Array.from({ length: 400_000 }, (_, line) => `${String(line).padStart(15, "0")}\n`).join("");
  expect(counted === expected).toBe(true);
  after.type("echo =$$=\r");
  await after.until(() => /=\d+=\n/.test(after.bytes().subarray(-100).toString("latin1")));
  const [pid, again] = [before, after].map((terminal) => /=(\d+)=\n/.exec(terminal.bytes().toString("latin1"))?.[1]);
  expect(again).toBe(pid);
});

test("After a SIGKILL vim and the shell's modes are painted as they were", async () => {
  const first = await startServer();
  const before = await attach(first.url, { terminal: "vim" });
  before.type("bind 'set enable-bracketed-paste on'; seq 100 >/tmp/numbers; echo rea''dy\r");
  await before.until(ends(before, "ready"));
  before.type("vim --clean -c 'set mouse=a ttymouse=sgr number' /tmp/numbers\r");
  await before.until(() => lines(before).some((line) => line.includes(" 5 5")));
  before.type("5Gihello");
  await before.until(() => lines(before).some((line) => line.includes("hello5")));
  await before.until(() => before.screen.modes.mouseTrackingMode === "drag");
  const shown = lines(before);
  await first.kill();

  const second = await startServer();
  const after = await attach(second.url, { terminal: "vim" });
  await after.until(() => lines(after).some((line) => line.includes("hello5")));
  expect(after.painted()).toBe(true);
  expect(lines(after)).toEqual(shown);
  expect(after.screen.buffer.active.type).toBe("alternate");
  expect(after.screen.modes).toEqual(before.screen.modes);
  after.type("\x1b:q!\r");
  await after.until(() => after.screen.buffer.active.type === "normal");
  await after.until(() => after.screen.modes.bracketedPasteMode);
  after.socket.terminate();
  await second.kill();
  const third = await attach((await startServer()).url, { terminal: "vim" });
  await third.until(() => third.screen.modes.bracketedPasteMode);
  expect(lines(third).join("\n")).toContain("vim --clean");
});

test("A viewer that reads nothing costs no memory and holds nobody back, and who reads misses nothing", async () => {
  const server = await startServer();
  const fast = await attach(server.url, { terminal: "slow", since: 0 }, { keeps: false });
  const stalled = await attach(server.url, { terminal: "slow", since: 0 }, { acks: false });
  stalled.socket.pause();
  fast.type("head -c 20000000 /dev/zero | tr '\\0' 'x' | fold -w 78; echo be''gun\r");
  await fast.until(ends(fast, "begun"));
  const begun = fast.offset();
  const before = server.memory();
  let highest = before;
  fast.type("head -c 80000000 /dev/zero | tr '\\0' 'x' | fold -w 78; echo en''d\r");
  await fast.until(() => {
    highest = Math.max(highest, server.memory());
    return fast.tail().includes("end\r\n");
  });
  expect(fast.painted()).toBe(false);
  expect(fast.offset() - begun).toBeGreaterThan(80_000_000);
  expect(highest - before).toBeLessThan(64);
});

/** A client that comes back by itself, and what it has shown. */
function follow(url: () => string, terminal: string) {
  let socket: WebSocket | undefined;
  let shown = "";
  const lost: number[] = [];
  const show = (bytes: Uint8Array, parsed: () => void): void => {
    shown = (shown + Buffer.from(bytes).toString("latin1")).slice(-4_000);
    parsed();
  };
  const connection = connectTerminal({
    open: () => (socket = new WebSocket(url(), { perMessageDeflate: false })),
    terminal,
    create: true,
    size: () => ({ cols: 80, rows: 24 }),
    sink: { write: show, repaint: show, reset() {}, resized() {} },
    onState: () => undefined,
    onLost: (bytes) => void lost.push(bytes),
  });
  onTestFinished(() => connection.close());
  const shows = async (text: string): Promise<void> =>
    expect.poll(() => shown, { timeout: 60_000, interval: 10 }).toContain(text);
  return { connection, lost, shows, shown: () => shown, cut: () => socket?.terminate() };
}

const RECEIVER = "stty raw -echo; echo re''ady; head -c 1048576 | sha256sum | tr -d '-'; echo do''ne; stty sane\r";

test("A paste of 1 MiB arrives whole over a link that is cut in the middle of it, again and again", async () => {
  const { url } = await startServer();
  const client = follow(() => url, "paste");
  await expect.poll(() => client.connection.send(new TextEncoder().encode(RECEIVER))).toBe(true);
  await client.shows("ready");
  const paste = randomBytes(1024 * 1024);
  client.connection.send(Uint8Array.from(paste));
  for (const left of [900_000, 500_000, 100_000]) {
    await expect.poll(() => client.connection.waiting(), { timeout: 60_000, interval: 1 }).toBeLessThan(left);
    client.cut();
  }
  await client.shows("done");
  expect(client.shown()).toContain(createHash("sha256").update(paste).digest("hex"));
  expect(client.lost).toEqual([]);
});

test("After a SIGKILL in the middle of a paste nothing of it is typed twice, and how much may be missing is said", async () => {
  const first = await startServer();
  let { url } = first;
  const client = follow(() => url, "killed");
  await expect
    .poll(() => client.connection.send(new TextEncoder().encode("stty raw -echo; echo re''ady; cat >/tmp/killed\r")))
    .toBe(true);
  await client.shows("ready");
  const numbers = Array.from({ length: 100_000 }, (_, number) => `${String(number).padStart(9, "0")}\n`).join("");
  client.connection.send(new TextEncoder().encode(numbers));
  await expect.poll(() => client.connection.waiting(), { timeout: 60_000, interval: 1 }).toBeLessThan(700_000);
  await first.kill();
  ({ url } = await startServer());
  await expect.poll(() => client.lost.length, { timeout: 60_000 }).toBe(1);
  const [doubt = 0] = client.lost;
  const looking = follow(() => url, "look");
  const look = "echo =$(wc -c </tmp/killed)=$(sha256sum </tmp/killed)\r";
  await expect.poll(() => looking.connection.send(new TextEncoder().encode(look))).toBe(true);
  const answer = /=(\d+)=([0-9a-f]{64})/;
  await expect.poll(looking.shown).toMatch(answer);
  const [, length, sum] = answer.exec(looking.shown()) ?? [];
  expect(Number(length)).toBeGreaterThanOrEqual(numbers.length - doubt);
  expect(sum).toBe(
    createHash("sha256")
      .update(numbers.slice(0, Number(length)))
      .digest("hex"),
  );
});
