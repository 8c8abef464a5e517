import { expect, test } from "vitest";
import { isPrivateAddress } from "./egress-addresses.ts";

test.each(["10.1.2.3", "192.168.1.5:5000", "172.31.0.1:80", "100.64.0.1", "[fd00::1]:443"])("%s is private", (rule) => {
  expect([isPrivateAddress(rule), isPrivateAddress(`${rule}/private`)]).toEqual([true, false]);
});

test.each(["example.com", "*.example.com", "8.8.8.8:53", "172.32.0.1", "[2001:db8::1]", "127.0.0.1:80"])(
  "%s is not",
  (rule) => expect(isPrivateAddress(rule)).toBe(false),
);
