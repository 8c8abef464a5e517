import { expect, test } from "vitest";
import { toAsciicast } from "./asciicast.ts";

const HEAD = "ws-recording 1 80 24 1700000000000\n";

async function castOf(recording: string | Uint8Array, pieces = 7): Promise<string> {
  const bytes = Buffer.from(recording);
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += pieces) yield bytes.subarray(at, at + pieces);
  }
  let text = "";
  for await (const part of toAsciicast(source())) text += part;
  return text;
}

const HEADER = '{"version":2,"width":80,"height":24,"timestamp":1700000000,"env":{"TERM":"xterm-256color"}}\n';

test("Output with its times, and sizes, are an asciicast", async () => {
  const recording = `${HEAD}o 1700000000500 4\n$ l\no 1700000000750 1\nsr 1700000000000 100 30\no 1700000002000 3\na\r\n`;
  expect(await castOf(recording)).toBe(
    `${HEADER}[0.5,"o","$ l\\n"]\n[0.75,"o","s"]\n[0.75,"r","100x30"]\n[2,"o","a\\r\\n"]\n`,
  );
});

test("A character that was printed in two pieces is one, and what is none is replaced", async () => {
  const [a, b] = [Buffer.from("漢").subarray(0, 2), Buffer.from("漢").subarray(2)];
  const piece = (at: number, bytes: Uint8Array) => [
    Buffer.from(`o ${1_700_000_000_000 + at} ${bytes.length}\n`),
    bytes,
  ];
  const recording = Buffer.concat([
    Buffer.from(HEAD),
    ...piece(1_000, a),
    ...piece(2_000, b),
    ...piece(3_000, Buffer.of(0xff, 0x41)),
  ]);
  expect((await castOf(recording)).replace(HEADER, "")).toMatch(/^\[[\d.]+,"o","漢"\]\n\[[\d.]+,"o","\ufffdA"\]\n$/);
});

test.each(["", "hello\n", "ws-recording 2 80 24 1\n", "x".repeat(100_000), `ws-recording 1 80 24 ${"9".repeat(99)}\n`])(
  "What is no recording is nothing: %j",
  async (recording) => {
    expect(await castOf(recording, 1_000)).toBe("");
  },
);

test.each(["o 1 99999999\n", "o x 1\na", "r 1 2\n", "o 1700000001000 9\nshort", "y".repeat(100_000), '["o"]\n'])(
  "It ends before the first thing that is nothing of a recording: %j",
  async (bad) => {
    expect(await castOf(`${HEAD}o 1700000001000 2\nab${bad}`, 1_000)).toBe(`${HEADER}[1,"o","ab"]\n`);
  },
);
