import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKeyPairSync } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { readSshKey } from "./ssh-key.ts";

const directory = mkdtempSync(join(tmpdir(), "ws-ssh-key-"));
afterAll(() => rmSync(directory, { recursive: true }));

test.each([
  ["ed25519", [], "ssh-ed25519"],
  ["rsa", ["-b", "2048"], "ssh-rsa"],
  ["ecdsa", ["-b", "256"], "ecdsa-sha2-nistp256"],
  ["ecdsa", ["-b", "521"], "ecdsa-sha2-nistp521"],
  ["rsa", ["-b", "2048", "-m", "PEM"], "ssh-rsa"],
  ["ecdsa", ["-b", "384", "-m", "PKCS8"], "ecdsa-sha2-nistp384"],
])("a key of ssh-keygen (%s %j) is read as ssh-keygen shows it", (type, options, algorithm) => {
  const { path, fingerprint } = makeKey(type, options);
  const [, blob = ""] = readFileSync(`${path}.pub`, "utf8").split(" ");
  expect(readSshKey(readFileSync(path, "utf8"))).toEqual({ algorithm, fingerprint, publicKey: `${algorithm} ${blob}` });
});

test("an Ed25519 key as PKCS#8 is read, its line ends written as \\n", () => {
  const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
  expect(readSshKey(pem.replaceAll("\n", "\\n"))).toMatchObject({ algorithm: "ssh-ed25519" });
});

test("a public key, a cut, damaged or encrypted key and one of another kind are refused in their own words", () => {
  const { path } = makeKey("ed25519", []);
  const text = readFileSync(path, "utf8");
  const locked = readFileSync(makeKey("ed25519", [], "passphrase").path, "utf8");
  const lines = text.split("\n");
  const cases: [string, string][] = [
    [readFileSync(`${path}.pub`, "utf8"), "is the public key"],
    [lines[0] ?? "", "holds its first line only"],
    [lines.slice(0, 3).join("\n"), "its last line is missing"],
    [[...lines.slice(0, 1), ...lines.slice(2)].join("\n"), "is damaged"],
    [[...lines.slice(0, 3), ...lines.slice(-2)].join("\n"), "is damaged: it ends too early"],
    [locked, "is encrypted with a passphrase"],
    ["hello", "does not begin with"],
    [generateKeyPairSync("x25519").privateKey.export({ type: "pkcs8", format: "pem" }), "that SSH does not use"],
  ];
  for (const [key, words] of cases) {
    expect(() => readSshKey(key)).toThrow(
      expect.objectContaining({ code: "credential_invalid", message: expect.stringContaining(words) }),
    );
  }
});

let keys = 0;

function makeKey(type: string, options: string[], passphrase = ""): { path: string; fingerprint: string } {
  const path = join(directory, `key${keys++}`);
  spawnSync("ssh-keygen", ["-q", "-t", type, ...options, "-N", passphrase, "-C", "someone", "-f", path]);
  const { stdout } = spawnSync("ssh-keygen", ["-l", "-f", `${path}.pub`], { encoding: "utf8" });
  return { path, fingerprint: stdout.split(" ")[1] ?? "" };
}
