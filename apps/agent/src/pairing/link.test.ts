import { expect, test } from "vitest";
import { pairingLink } from "./link.ts";

const at = (address: string, internal = false) =>
  ({ address, internal, family: "IPv4", netmask: "", mac: "", cidr: null }) as const;
const own = { lo: [at("127.0.0.1", true)], docker0: [at("172.17.0.1")], eth0: [at("192.168.1.20")] };

test.each([
  ["http://127.0.0.1:7391", "127.0.0.1", "http://127.0.0.1:7391/#pair=K7QM-4XTR", "machine"],
  ["http://[::1]:7391", "::1", "http://[::1]:7391/#pair=K7QM-4XTR", "machine"],
  ["http://10.1.2.3:80", "10.1.2.3", "http://10.1.2.3/#pair=K7QM-4XTR", "network"],
  // Not the bridge to its own containers.
  ["http://127.0.0.1:7391", "0.0.0.0", "http://192.168.1.20:7391/#pair=K7QM-4XTR", "network"],
])("of %s, listening on %s, the link is %s", (dashboard, host, link, reach) => {
  expect(pairingLink(dashboard, host, "K7QM4XTR", own)).toEqual({ link, reach });
});

test("a machine without a network has a link for itself", () => {
  expect(pairingLink("http://127.0.0.1:7391", "0.0.0.0", "K7QM4XTR", {})).toMatchObject({ reach: "machine" });
});
