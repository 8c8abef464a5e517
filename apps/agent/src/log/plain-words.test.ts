import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { isPlainWords } from "./plain-words.ts";

test.each([
  "workspace",
  "Production",
  "DEBUG",
  "us-east",
  "Europe/Berlin",
  "America/New_York",
  "zh_Hant",
  "vim",
  "été",
  "node-test-api",
])("%j is a name", (text) => {
  expect(isPlainWords(text)).toBe(true);
});

test.each([
  randomBytes(12).toString("hex"),
  randomBytes(24).toString("base64"),
  "abcdefghijklmnopqrstuvwxyz",
  "hunter2",
  "pAsSwOrD",
  "https://u:word@host/path",
  "12345678",
  "-----BEGIN KEY-----",
  "correct-horse-battery-staple",
  "correct horse battery staple",
  "correct horse battery",
  "abcd efgh ijkl mnop",
  "abcd-efgh-ijkl-mnop",
  "abcd-efgh-ijkl",
  "abcdef-ghijkl",
])("%j may be a secret", (text) => {
  expect(isPlainWords(text)).toBe(false);
});

test("a long text that is no name is judged at once", () => {
  expect(isPlainWords(`${"word-".repeat(200_000)}1`)).toBe(false);
});
