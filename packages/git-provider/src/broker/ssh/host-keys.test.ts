import { createHmac, generateKeyPairSync, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { fingerprintOf, hostKeys, kindOf } from "./host-keys.ts";

const HOST = { host: "forge.test" };
const KEY = newKey();
const LINE = lineOf(KEY);

test("a key is known by a line for its host, and nothing is known of a host without one", () => {
  const knownHosts = `# comment\n\nother.test ${lineOf(newKey())}\nforge.test,192.0.2.1 ${LINE} somebody\n`;
  const known = hostKeys(HOST, { given: [], knownHosts });
  expect(known.judge(KEY)).toBe("known");
  expect(known.judge(newKey())).toBe("changed");
  expect(known.kinds).toEqual(["ssh-ed25519"]);
  expect(hostKeys({ host: "new.test" }, { given: [], knownHosts }).judge(KEY)).toBe("unknown");
});

test("what was given with a credential goes before the file: a line, a key, a fingerprint", () => {
  const knownHosts = `forge.test ${lineOf(newKey())}\n`;
  for (const given of [LINE, fingerprintOf(KEY)]) {
    const known = hostKeys(HOST, { given: [given], knownHosts });
    expect(known.judge(KEY)).toBe("known");
    expect(known.judge(newKey())).toBe("changed");
  }
});

test.each([
  ["[forge.test]:2222", { host: "forge.test", port: 2222 }, true],
  ["[forge.test]:2222", HOST, false],
  ["forge.test", { host: "forge.test", port: 2222 }, false],
  ["*.test", HOST, true],
  ["f?rge.test", HOST, true],
  ["*.test,!forge.test", HOST, false],
  ["*", HOST, true],
  ["forge", HOST, false],
  ["FORGE.test", HOST, true],
])("a line for %s is for %j: %s", (hosts, authority, isFor) => {
  const known = hostKeys(authority, { given: [], knownHosts: `${hosts} ${LINE}` });
  expect(known.judge(KEY)).toBe(isFor ? "known" : "unknown");
});

test("a hashed name is found, a revoked key is none that is known, and an authority's key is no host's", () => {
  const salt = randomBytes(20);
  const hash = createHmac("sha1", salt).update("forge.test").digest("base64");
  const hashed = `|1|${salt.toString("base64")}|${hash} ${LINE}`;
  expect(hostKeys(HOST, { given: [], knownHosts: hashed }).judge(KEY)).toBe("known");
  const revoked = `${hashed}\n@revoked * ${LINE}`;
  expect(hostKeys(HOST, { given: [], knownHosts: revoked }).judge(KEY)).toBe("changed");
  expect(hostKeys(HOST, { given: [], knownHosts: `@cert-authority * ${LINE}` }).judge(KEY)).toBe("unknown");
});

test("a pattern of many stars is answered soon", () => {
  const knownHosts = `${"*a".repeat(400)} ${LINE}`;
  expect(hostKeys({ host: "a".repeat(250) }, { given: [], knownHosts }).judge(KEY)).toBe("unknown");
});

test("a line that says another kind than its key has is none", () => {
  const knownHosts = `forge.test ssh-rsa ${KEY.toString("base64")}`;
  expect(hostKeys(HOST, { given: [], knownHosts }).judge(KEY)).toBe("unknown");
  expect(kindOf(KEY)).toBe("ssh-ed25519");
  expect(kindOf(Buffer.from("x"))).toBe("a key of no known kind");
});

function newKey(): Buffer {
  const { x = "" } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
  const parts = [Buffer.from("ssh-ed25519"), Buffer.from(x, "base64url")];
  return Buffer.concat(parts.flatMap((part) => [Buffer.of(0, 0, 0, part.length), part]));
}

function lineOf(key: Buffer): string {
  return `${kindOf(key)} ${key.toString("base64")}`;
}
