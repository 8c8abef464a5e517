import { spawnSync } from "node:child_process";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readHostKey } from "./host-key.ts";
import { openSshKey } from "./ssh-key-text.ts";
import { readSshKey } from "./ssh-key.ts";

test.each<[string, () => KeyObject]>([
  ["ed25519", () => generateKeyPairSync("ed25519").privateKey],
  ["rsa", () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey],
  ["ecdsa", () => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey],
])("a key of the kind %s in PKCS#8 becomes one that OpenSSH reads as the same", (_, make) => {
  const pem = make().export({ type: "pkcs8", format: "pem" });
  const directory = mkdtempSync(join(tmpdir(), "ws-key-text-"));
  const path = join(directory, "key");
  const text = openSshKey(pem.replaceAll("\n", "\\n"));
  expect(text).not.toContain("BEGIN PRIVATE KEY");
  expect(openSshKey(pem)).toBe(text);
  writeFileSync(path, text, { mode: 0o600 });
  const { stdout } = spawnSync("ssh-keygen", ["-y", "-f", path], { encoding: "utf8" });
  rmSync(directory, { recursive: true });
  const { publicKey } = readSshKey(pem);
  expect(stdout.trim().split(" ").slice(0, 2).join(" ")).toBe(publicKey);
  expect(readHostKey(`forge.test ${publicKey} somebody`)).toBe(publicKey);
  expect(readHostKey(publicKey)).toBe(publicKey);
});

test("the key of a host is taken by its fingerprint too, and what is none is refused", () => {
  const fingerprint = `SHA256:${"a".repeat(43)}`;
  expect(readHostKey(` ${fingerprint}=\n`)).toBe(fingerprint);
  for (const bad of [
    "",
    "SHA256:short",
    "MD5:aa:bb",
    "ssh-ed25519 AAAA",
    "@cert-authority * ssh-ed25519 AAAA",
    "a b c",
  ]) {
    expect(() => readHostKey(bad)).toThrow(expect.objectContaining({ code: "credential_invalid" }));
  }
});
