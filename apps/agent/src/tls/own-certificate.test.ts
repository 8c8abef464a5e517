import { X509Certificate } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempDir } from "../testing/temp-dir.ts";
import { ownCertificate } from "./own-certificate.ts";
import { pinOfCertificate } from "./pin.ts";

const DAY_MS = 24 * 3_600_000;
const NOW = Date.UTC(2030, 0, 1);
const at = (now: number) => ({ now: () => now });
const names = ["desk", "127.0.0.1", "::1"];

test("a certificate is for all of the worker's names, ends within what every device takes, and its key is the user's alone", async () => {
  using directory = tempDir();
  const { cert } = await ownCertificate(join(directory.path, "tls"), names, at(NOW));
  const certificate = new X509Certificate(cert);
  expect(certificate.checkHost("desk")).toBe("desk");
  expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(certificate.checkIP("::1")).toBe("::1");
  expect(certificate.checkHost("other")).toBeUndefined();
  expect(certificate.ca).toBe(false);
  const days = (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / DAY_MS;
  expect(days).toBeLessThanOrEqual(825);
  expect(statSync(join(directory.path, "tls", "worker.key")).mode & 0o777).toBe(0o600);
  expect(statSync(join(directory.path, "tls")).mode & 0o777).toBe(0o700);
});

test("the same is used until it must be renewed, and the pin stays what it was then", async () => {
  using directory = tempDir();
  const first = await ownCertificate(directory.path, names, at(NOW));
  const pin = pinOfCertificate(new X509Certificate(first.cert));
  expect(pin).toMatch(/^[\w-]{43}$/);
  expect(await ownCertificate(directory.path, names, at(NOW + 100 * DAY_MS))).toEqual(first);
  const changes: [readonly string[], number][] = [
    // A further name, an end less than a year away, and a clock that was set back.
    [[...names, "desk.lan"], NOW],
    [names, NOW + 500 * DAY_MS],
    [names, NOW - 500 * DAY_MS],
  ];
  for (const [wanted, now] of changes) {
    const renewed = await ownCertificate(directory.path, wanted, at(now));
    expect(renewed.cert).not.toBe(first.cert);
    expect(pinOfCertificate(new X509Certificate(renewed.cert))).toBe(pin);
  }
});

test("a damaged certificate is made anew, a damaged key is not: every device would have to be paired again", async () => {
  using directory = tempDir();
  const first = await ownCertificate(directory.path, names, at(NOW));
  writeFileSync(join(directory.path, "worker.crt"), first.cert.slice(0, 100));
  const second = await ownCertificate(directory.path, names, at(NOW));
  expect(new X509Certificate(second.cert).checkHost("desk")).toBe("desk");
  writeFileSync(join(directory.path, "worker.key"), "-----BEGIN");
  await expect(ownCertificate(directory.path, names, at(NOW))).rejects.toMatchObject({
    code: "config_invalid",
    next: expect.stringContaining("pair every device again"),
  });
  expect(readFileSync(join(directory.path, "worker.key"), "utf8")).toBe("-----BEGIN");
});
