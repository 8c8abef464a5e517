import fc from "fast-check";
import { expect, test } from "vitest";
import { parseHost } from "./host.ts";
import { egressRuleText, namesAlike, namesHost, parseEgressRule, ruleThatAllows } from "./rules.ts";

test.each([
  ["registry.npmjs.org", { host: "registry.npmjs.org", port: 443, private: false }],
  ["Registry.NPMjs.org.", { host: "registry.npmjs.org", port: 443, private: false }],
  ["deb.debian.org:80", { host: "deb.debian.org", port: 80, private: false }],
  ["*.example.com:8443", { host: "*.example.com", port: 8443, private: false }],
  ["nas:5000/private", { host: "nas", port: 5000, private: true }],
  ["10.0.0.5:5432/private", { host: "10.0.0.5", port: 5432, private: true }],
  ["xn--bcher-kva.example", { host: "xn--bcher-kva.example", port: 443, private: false }],
])("The rule %s is read, and written so that it is read again as the same", (text, rule) => {
  expect(parseEgressRule(text)).toEqual(rule);
  expect(parseEgressRule(egressRuleText(rule))).toEqual(rule);
});

test.each([
  "",
  "*",
  "*.",
  "*.com",
  "*.co.uk",
  "*.10.0.0.5",
  "a.*.example.com",
  "https://example.com",
  "example.com/path",
  "example.com:0",
  "example.com:65536",
  "example.com:x",
  "user@example.com",
  "127.1",
  "0x7f.0.0.1",
  "2130706433",
  "01.2.3.4",
  "256.1.1.1",
  "-a.example",
  "a..example",
  "bücher.example",
  "exa mple.com",
  `${"a".repeat(64)}.example`,
  "[::1]:443",
])("The rule '%s' is refused, saying how one is written", (text) => {
  expect(() => parseEgressRule(text)).toThrow(
    expect.objectContaining({ code: "invalid_input", data: { field: "rule" } }),
  );
});

test("A wildcard names every name below it, by whole labels, and not itself", () => {
  expect(namesHost("*.example.com", "a.example.com")).toBe(true);
  expect(namesHost("*.example.com", "a.b.example.com")).toBe(true);
  expect(namesHost("*.example.com", "example.com")).toBe(false);
  expect(namesHost("*.example.com", ".example.com")).toBe(false);
  expect(namesHost("*.example.com", "evilexample.com")).toBe(false);
  expect(namesHost("*.example.com", "example.com.evil.test")).toBe(false);
  expect(namesHost("example.com", "a.example.com")).toBe(false);
});

test("Two patterns name a host alike where one lies within the other", () => {
  expect(namesAlike("*.example.com", "a.example.com")).toBe(true);
  expect(namesAlike("a.example.com", "*.example.com")).toBe(true);
  expect(namesAlike("a.example.com", "b.example.com")).toBe(false);
});

test.each([
  [{ host: "x.test", port: 443 }, "x.test"],
  [{ host: "x.test", port: 80, isPrivate: true }, "x.test:80/private"],
  [{ host: "10.255.0.1", port: 443 }, "10.255.0.1/private"],
  [{ host: "172.31.255.255", port: 1 }, "172.31.255.255:1/private"],
  [{ host: "172.32.0.0", port: 443 }, "172.32.0.0"],
  [{ host: "126.255.255.255", port: 443 }, "126.255.255.255"],
  [{ host: "128.0.0.0", port: 443 }, "128.0.0.0"],
  [{ host: "127.255.255.255", port: 443 }, undefined],
  [{ host: "0.0.0.0", port: 443 }, undefined],
  [{ host: "169.254.0.1", port: 80 }, undefined],
  [{ host: "a.localhost", port: 80 }, undefined],
  [{ host: "localhost.test", port: 443 }, "localhost.test"],
  [{ host: "::1", port: 443 }, undefined],
])("What would allow %j is %s", (asked, rule) => {
  expect(ruleThatAllows(asked)).toBe(rule);
  if (rule !== undefined) expect(parseEgressRule(rule)).toMatchObject({ host: asked.host, port: asked.port });
});

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const name = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join("."));

test("No wildcard names a host outside its domain, whatever both are (property)", () => {
  fc.assert(
    fc.property(name, name, (domain, host) => {
      if (namesHost(`*.${domain}`, host)) expect(host.endsWith(`.${domain}`)).toBe(true);
      expect(namesHost(`*.${domain}`, `${host}${domain}`)).toBe(false);
      expect(namesHost(`*.${domain}`, `${host}.${domain}`)).toBe(true);
    }),
  );
});

test("What is taken for a host is lower case, holds nothing but what names and addresses are made of, and is read again as the same (property)", () => {
  const odd = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(...Array.from("aZ09.-_%[]:x@/\\ \0\r\n")) }),
    fc.ipV4Extended(),
    fc.ipV6().map((address) => `[${address}]`),
    name,
  );
  fc.assert(
    fc.property(odd, (text) => {
      const host = parseHost(text);
      if (host === undefined) return;
      expect(host.text).toMatch(/^[a-z0-9._:-]+$/);
      expect(host.text).toBe(host.text.toLowerCase());
      const again = host.text.includes(":") ? `[${host.text}]` : host.text;
      expect(parseHost(again)).toEqual(host);
    }),
    { numRuns: 2_000 },
  );
});

test("No number that resolvers take for an address passes for a name (property; row 40)", () => {
  const part = fc.oneof(
    fc.nat(0xffff_ffff).map(String),
    fc.nat(0xffff).map((value) => `0x${value.toString(16)}`),
    fc.nat(0o777).map((value) => `0${value.toString(8)}`),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
      expect(parseHost(parts.join("."))?.kind).not.toBe("name");
    }),
  );
});
