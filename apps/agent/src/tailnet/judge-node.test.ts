import { expect, test } from "vitest";
import { judgeNode, type Self } from "./judge-node.ts";
import type { Whois } from "./local-api.ts";

const self: Self = {
  id: "nSELF",
  addresses: ["100.64.0.1", "fd7a:115c:a1e0::1"],
  name: "desk.x.ts.net",
  owner: "ada@x.test",
};
const PEER = "100.64.0.2";

function whois(node: Partial<Whois["Node"]> = {}, login = "ada@x.test"): Whois {
  const addresses = ["100.64.0.2/32", "fd7a:115c:a1e0::2/128"];
  const Node = { StableID: "nLAP", Name: "laptop.x.ts.net.", Addresses: addresses, AllowedIPs: addresses, ...node };
  return { Node, UserProfile: { LoginName: login } };
}

function judge(found: Whois, options: { peer?: string; users?: string[]; self?: Self } = {}): unknown {
  const verdict = judgeNode(found, options.peer ?? PEER, { self: options.self ?? self, users: options.users ?? [] });
  return "stranger" in verdict ? verdict.stranger : verdict.node;
}

test("a machine of the worker's owner is let in, by either of its addresses", () => {
  const laptop = { id: "tailnet-nLAP", name: "laptop", login: "ada@x.test" };
  expect(judge(whois())).toEqual(laptop);
  expect(judge(whois(), { peer: "fd7a:115c:a1e0::2" })).toEqual(laptop);
  expect(judge(whois({ AllowedIPs: null }))).toEqual(laptop);
  expect(judge(whois({}, "Ada@X.test"))).toMatchObject({ name: "laptop" });
});

test("those who are named are let in, and then the owner only if he is one of them", () => {
  expect(judge(whois({}, "bob@x.test"), { users: ["bob@x.test"] })).toMatchObject({ login: "bob@x.test" });
  expect(judge(whois(), { users: ["bob@x.test"] })).toBe("another user");
  expect(judge(whois({}, "bob@x.test"))).toBe("another user");
});

test("what the daemon knows is not enough: the worker itself, tagged nodes and what is behind another are strangers", () => {
  expect(judge(whois({ StableID: "nSELF" }))).toBe("the worker itself");
  expect(judge(whois({ Addresses: ["100.64.0.1/32"] }), { peer: "100.64.0.1" })).toBe("the worker itself");
  expect(judge(whois({ Tags: ["tag:ci"] }))).toBe("a tagged node");
  const behind = "a node with other machines behind it";
  for (const route of ["192.168.1.0/24", "0.0.0.0/0", "::/0", "10.0.0.7/32", "100.64.0.0/31"]) {
    expect(judge(whois({ AllowedIPs: ["100.64.0.2/32", "fd7a:115c:a1e0::2/128", route] }))).toBe(behind);
  }
  expect(judge(whois(), { peer: "192.168.1.9" })).toBe(behind);
  expect(judge(whois({ Addresses: null, AllowedIPs: null }))).toBe(behind);
  expect(judge(whois({ Addresses: ["100.64.0.0/24"] }), { peer: "100.64.0.2" })).toBe(behind);
});

test("a worker that is tagged belongs to nobody, and lets in only who is named", () => {
  const nobodys = { ...self, owner: undefined };
  expect(judge(whois(), { self: nobodys })).toBe("another user");
  expect(judge(whois({}, "tagged-devices"), { self: nobodys })).toBe("another user");
  expect(judge(whois(), { self: nobodys, users: ["ada@x.test"] })).toMatchObject({ name: "laptop" });
});
