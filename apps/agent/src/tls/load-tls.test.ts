import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SettingKey, SettingValue } from "../config/settings.ts";
import { createAuthority } from "../testing/certificates.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { requireTls } from "./load-tls.ts";

const directory = tempDir();
const file = (name: string): string => join(directory.path, name);

beforeAll(async () => {
  const authority = await createAuthority("ca");
  const [desk, other] = await Promise.all([authority.issue(["desk"]), authority.issue(["other"])]);
  writeFileSync(file("ca.pem"), authority.cert);
  writeFileSync(file("cert.pem"), desk.cert);
  writeFileSync(file("key.pem"), desk.key);
  writeFileSync(file("other.pem"), other.key);
  writeFileSync(file("text"), "nothing");
});
afterAll(() => directory[Symbol.dispose]());

function check(given: Partial<Record<SettingKey, string>>): void {
  const settings: Partial<Record<SettingKey, string>> = {
    "tls.mode": "off",
    "tls.cert": "",
    "tls.key": "",
    "tls.clientCa": "",
    ...given,
  };
  requireTls({ get: <K extends SettingKey>(key: K) => settings[key] as SettingValue<K> });
}

test("a certificate with its key, and an authority of clients, are taken", () => {
  const pair = { "tls.cert": file("cert.pem"), "tls.key": file("key.pem") };
  expect(() => check({})).not.toThrow();
  expect(() => check({ "tls.mode": "self", "tls.clientCa": file("ca.pem") })).not.toThrow();
  expect(() => check({ "tls.mode": "files", ...pair })).not.toThrow();
});

test.each([
  ["no certificate", {}, /tls\.cert names no file/],
  ["no key", { "tls.cert": "cert.pem" }, /tls\.key names no file/],
  [
    "a file that is not there",
    { "tls.cert": "gone", "tls.key": "key.pem" },
    /gone of tls\.cert cannot be read \(ENOENT\)/,
  ],
  ["a text", { "tls.cert": "text", "tls.key": "key.pem" }, /text of tls\.cert does not begin with a certificate/],
  ["a certificate as the key", { "tls.cert": "cert.pem", "tls.key": "cert.pem" }, /does not begin with a key/],
  ["another's key", { "tls.cert": "cert.pem", "tls.key": "other.pem" }, /is not the one of the certificate/],
  ["an authority that is none", { "tls.clientCa": "text" }, /text of tls\.clientCa/],
])("%s is refused by name", (_what, given, message) => {
  const paths = Object.fromEntries(Object.entries(given).map(([key, name]) => [key, file(name)]));
  expect(() => check({ "tls.mode": "files", ...paths })).toThrow(
    expect.objectContaining({ code: "config_invalid", message: expect.stringMatching(message) }),
  );
});

test("clients' certificates that nobody would ask for are refused, so that nobody relies on them", () => {
  expect(() => check({ "tls.clientCa": file("ca.pem") })).toThrow(/without TLS nobody is asked/);
});
