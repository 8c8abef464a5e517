import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { isPlainWords } from "./plain-words.ts";

test.each(["workspace", "Production", "DEBUG", "us-east", "Europe/Berlin", "en_US", "vim", "a few words", "été"])(
  "%j is words",
  (text) => {
    expect(isPlainWords(text)).toBe(true);
  },
);

test.each([
  randomBytes(12).toString("hex"),
  randomBytes(24).toString("base64"),
  "abcdefghijklmnopqrstuvwxyz",
  "hunter2",
  "pAsSwOrD",
  "https://u:word@host/path",
  "12345678",
  "-----BEGIN KEY-----",
])("%j may be a secret", (text) => {
  expect(isPlainWords(text)).toBe(false);
});

test("a long text that is no words is judged at once", () => {
  expect(isPlainWords(`${"word ".repeat(200_000)}1`)).toBe(false);
});
