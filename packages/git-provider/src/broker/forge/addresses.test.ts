import fc from "fast-check";
import { expect, test } from "vitest";
import { AddressRefused, checkedAddresses, reachOf } from "./addresses.ts";

test.each(["1.1.1.1", "140.82.121.3", "172.32.0.1", "2606:4700::1111", "2a00:1450:4001::1"])(
  "%s is public",
  (address) => {
    expect(reachOf(address)).toBe("public");
  },
);

test.each([
  "127.0.0.1",
  "127.255.0.1",
  "10.1.2.3",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "100.64.0.1",
  "198.18.0.1",

  "::1",
  "fd00::1",
  "fc00::1",
  "2001:db8::1",
  "2002:7f00:1::",
  "2001::1",
  "64:ff9b::7f00:1",
  "64:ff9b::8c52:7903",
  "::ffff:127.0.0.1",
  "::ffff:10.0.0.1",
  "::ffff:1.1.1.1",
  "::127.0.0.1",
  "100::1",
])("CVE-2026-70357: %s is not public, however it is written", (address) => {
  expect(reachOf(address)).toBe("private");
});

test.each([
  "169.254.169.254",
  "192.0.0.192",
  "169.254.170.2",
  "168.63.129.16",
  "100.100.100.200",
  "0.0.0.0",
  "224.0.0.1",
  "255.255.255.255",

  "::",
  "fe80::1",
  "fe80::1%eth0",
  "ff02::1",
  "fd00:ec2::254",
  "::ffff:169.254.169.254",
  "64:ff9b::a9fe:a9fe",
  "nonsense",
])("%s is never led to, not even as a workspace's own server", async (address) => {
  expect(reachOf(address)).toBe("never");
  const lookup = async () => [{ address, family: address.includes(":") ? 6 : 4 }];
  await expect(checkedAddresses("forge.test", { lookup, allowPrivate: true })).rejects.toThrow(AddressRefused);
});

test("one private address among public ones refuses the name", async () => {
  const lookup = async () => [
    { address: "1.1.1.1", family: 4 },
    { address: "127.0.0.1", family: 4 },
  ];
  await expect(checkedAddresses("forge.test", { lookup, allowPrivate: false })).rejects.toThrow(/private address 127/);
  expect(await checkedAddresses("forge.test", { lookup, allowPrivate: true })).toHaveLength(2);
});

test("an IPv4 address has the same reach inside an IPv4-mapped one, or less", () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const mapped = reachOf(`::ffff:${address}`);
      expect(mapped).toBe(reachOf(address) === "never" ? "never" : "private");
    }),
  );
});
