import type { LookupAddress } from "node:dns";
import { reachOf } from "@ws/git-provider";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createFindAddresses } from "./find-addresses.ts";

const WORKER = ["203.0.113.7", "192.168.7.1", "fe80::1%eth0", "2001:db8::7"];

function finding(addresses: string[], own: readonly string[] = WORKER) {
  const found = addresses.map((address): LookupAddress => ({ address, family: address.includes(":") ? 6 : 4 }));
  return createFindAddresses({ lookup: async () => found, clock: createManualClock(), reachOf, own: () => own });
}

test("A host of the internet is found at all its addresses", async () => {
  const addresses = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"];
  expect(await finding(addresses)("example.test", { allowPrivate: false, workspace: "a" })).toMatchObject({
    addresses: addresses.map((address) => ({ address })),
  });
});

test.each([
  "169.254.169.254",
  "100.100.100.200",
  "fd00:ec2::254",
  "::ffff:169.254.169.254",
  "127.0.0.1",
  "127.9.9.9",
  "::1",
  "::ffff:127.0.0.1",
  "::127.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b::a9fe:a9fe",
  "0.0.0.0",
  "::",
  "203.0.113.7",
  "192.168.7.1",
  "::ffff:192.168.7.1",
  "fe80::1",
  "2001:db8::7",
])("Nobody is led to %s, whatever a rule says (rows 15 and 22)", async (address) => {
  const refused = { refused: expect.stringMatching(/the worker itself|only the worker may know/) as string };
  expect(await finding([address])("rebound.test", { allowPrivate: true, workspace: "a" })).toEqual(refused);
  // As a literal, which nobody looks up.
  expect(await finding([])(address, { allowPrivate: true, workspace: "a" })).toEqual(refused);
});

test("One bad address among good ones is enough, because any of them may be dialled", async () => {
  const found = await finding(["93.184.215.14", "169.254.169.254"])("mixed.test", {
    allowPrivate: false,
    workspace: "a",
  });
  expect(found).toHaveProperty("refused");
});

test("A private address is only for a rule that says so, which is told", async () => {
  const refused = {
    refused: "It is at 10.0.0.5, a private address, to which only a rule leads that ends in /private.",
    asPrivate: true,
  };
  expect(await finding(["10.0.0.5"])("nas.test", { allowPrivate: false, workspace: "a" })).toEqual(refused);
  expect(await finding(["10.0.0.5"])("nas.test", { allowPrivate: true, workspace: "a" })).toHaveProperty("addresses");
});
