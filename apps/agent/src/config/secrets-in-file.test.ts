import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { secretsInFile } from "./secrets-in-file.ts";

const random = (): string => randomBytes(24).toString("hex");
const found = (text: string): string[] => secretsInFile(Buffer.from(text));

test("a file of one word is a secret as a whole, and in others what is long and has letters and digits is", () => {
  const [one, other] = [random(), random()];
  expect(found(`${one}\n`)).toEqual([one]);
  expect(found("hunter-two!\n")).toEqual(["hunter-two!"]);
  const login = { access: one, nested: { refresh: `${other}.${one}` } };
  for (const indent of [0, 2]) {
    const inside = expect.arrayContaining([one, `${other}.${one}`]) as string[];
    expect(found(JSON.stringify(login, null, indent))).toEqual(inside);
  }
  expect(found(`Bearer c/${one}+=\n`)).toEqual([`c/${one}+=`]);
});

test("what a file calls a password or a key is one, however short", () => {
  expect(found("machine git.test login ada password hunter2!x\n")).toEqual(["hunter2!x"]);
  expect(found('[db]\npassword = "s3cr3t"\n')).toEqual(["s3cr3t"]);
});

test("names, addresses and paths stay readable, and a large file is no credential", () => {
  const plain = [
    "[user]",
    "  name = Ada Lovelace",
    "  email = ada@example.test",
    "[core]",
    "  excludesFile = /home/ada/projects/2026/.gitignore-global",
    '[url "https://git.example.test/acme-corporation/"]',
    "[include]",
    "  path = ~/.config/git/work-settings.inc",
  ];
  expect(found(plain.join("\n"))).toEqual([]);
  expect(found(`${random()}\n `.repeat(10_000))).toEqual([]);
});
