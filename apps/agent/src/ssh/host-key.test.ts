import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { KEYS, temporary } from "../testing/ssh-server.ts";
import { parsePublicKey } from "./authorize.ts";
import { loadHostKey } from "./host-key.ts";

test("the host key is made once, kept to its owner, and what is damaged is not replaced", () => {
  const directory = temporary();
  const first = loadHostKey(directory);
  expect(loadHostKey(directory)).toEqual(first);
  const path = join(directory, "ssh", "host_key");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(directory, "ssh")).mode & 0o777).toBe(0o700);
  expect(readFileSync(path, "utf8")).toMatch(/-----END OPENSSH PRIVATE KEY-----\n$/);
  writeFileSync(path, "damaged");
  expect(() => loadHostKey(directory)).toThrow("is not an ed25519 key");
  expect(readFileSync(path, "utf8")).toBe("damaged");
});

test.each([
  ["nothing", ""],
  ["a private key", KEYS.private],
  ["two words", "ssh-ed25519 AAAA"],
  ["a shell's", "$(id)"],
])("%s is no public key", (_, line) => {
  expect(() => parsePublicKey(line)).toThrow("This is not the line of a public key");
});

test("a public key is kept without what stands around it", () => {
  expect(parsePublicKey(`${KEYS.public} somebody@somewhere\n`)).toBe(KEYS.public.split(" ").slice(0, 2).join(" "));
});
