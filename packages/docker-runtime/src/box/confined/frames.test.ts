import { randomBytes } from "node:crypto";

import { expect, test } from "vitest";

import { parseEntry, parseStat } from "./entries.ts";
import { createFrameReader, toFrame } from "./frames.ts";

test("fields come out as they went in, wherever the chunks between are cut", () => {
  const sent = [["stat", "", "Grüße\n\0"], [], [randomBytes(70_000), "x"], [""]];
  const bytes = Buffer.concat(sent.map(toFrame));
  for (const size of [1, 3, 4, 5, 1_000, bytes.length]) {
    const received: Buffer[][] = [];
    const reader = createFrameReader((fields) => received.push(fields));
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    expect(received.map((fields) => fields.map((field) => field.toString("hex")))).toEqual(
      sent.map((fields) => fields.map((field) => Buffer.from(field).toString("hex"))),
    );
  }
});

test("a frame that claims too much, or fields beyond its end, is no answer", () => {
  for (const hex of ["ffffffff", "00400001", "0000000400000001", "00000002abcd", "0000000500000002aa"]) {
    const reader = createFrameReader(() => undefined);
    expect(() => reader.push(Buffer.from(hex, "hex"))).toThrow("The workspace did not say");
  }
});

test("an entry of a directory is told in bytes", () => {
  const told = (mode: number, size: number, time: number, rest: string): Buffer => {
    const numbers = Buffer.alloc(20);
    numbers.writeUInt32BE(mode, 0);
    numbers.writeDoubleBE(size, 4);
    numbers.writeDoubleBE(time, 12);
    return Buffer.concat([numbers, Buffer.from(rest)]);
  };
  const at = 1_700_000_000_123;
  const common = { mode: 0o755, size: 7, modifiedAt: at };
  expect(parseEntry(told(0o100755, 7, at, "Grüße"))).toEqual({ ...common, name: "Grüße", type: "file" });
  expect(parseEntry(told(0o040755, 7, at, "d"))).toEqual({ ...common, name: "d", type: "directory" });
  expect(parseEntry(told(0o010755, 7, -1, "p"))).toEqual({ ...common, name: "p", type: "other", modifiedAt: -1 });
  const link = { ...common, name: "l", type: "symlink", target: "c d" };
  expect(parseEntry(told(0o120755, 7, at, "l\0c d"))).toEqual(link);
  for (const lie of [
    Buffer.alloc(0),
    told(0o100755, 7, at, ""),
    told(0o120755, 7, at, "l"),
    told(0o100755, 0.5, at, "f"),
    told(0o100755, NaN, at, "f"),
    told(0o100755, 7, Infinity, "f"),
  ])
    expect(() => parseEntry(lie)).toThrow("The workspace did not say");
});

test("what is told of an entry is only what the file server says of one", () => {
  const said = "symlink 511 7 1700000000123 1 1700000000.1234567.7.99\0a/b\0c d";
  expect(parseStat(Buffer.from(said))).toEqual({
    type: "symlink",
    mode: 0o777,
    size: 7,
    modifiedAt: 1_700_000_000_123,
    target: "c d",
    path: "a/b",
    links: 1,
    version: "1700000000.1234567.7.99",
  });
  const wrong = [
    "",
    "file",
    "file 1 2 3 4 5",
    "file 1 2 3 4 5\0path",
    said.replace("symlink", "socket"),
    "x".repeat(1_000),
  ];
  for (const each of [...wrong, said.replace(" 7 ", " 7e9 ")])
    expect(() => parseStat(Buffer.from(each))).toThrow("The workspace did not say");
  expect(() => parseStat(undefined)).toThrow("The workspace did not say");
});
