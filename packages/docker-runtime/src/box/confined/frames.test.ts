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

test("an entry is only what the file server says of one", () => {
  const said = "symlink 511 7 1700000000123 1 1700000000.1234567.7.99\0a/b\0c d";
  const common = { type: "symlink", mode: 0o777, size: 7, modifiedAt: 1_700_000_000_123, target: "c d" };
  expect(parseStat(Buffer.from(said))).toEqual({
    ...common,
    path: "a/b",
    links: 1,
    version: "1700000000.1234567.7.99",
  });
  expect(parseEntry(Buffer.from(said))).toEqual({ ...common, name: "a/b" });
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
