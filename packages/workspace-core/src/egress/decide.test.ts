import { expect, test } from "vitest";
import { decideEgress, egressList, type WorkerEgress, type WorkspaceEgress } from "./decide.ts";
import { EGRESS_PRESETS } from "./presets.ts";
import { parseEgressRule } from "./rules.ts";
import { withAllowed, withDenied } from "./rule-changes.ts";

const worker: WorkerEgress = { presets: ["registries", "models"], allow: [], deny: [] };
const nothing: WorkspaceEgress = { allow: [], deny: [] };

test("Every rule of the presets can be read, and none names a host twice", () => {
  for (const { rules } of Object.values(EGRESS_PRESETS)) {
    expect(new Set(rules).size).toBe(rules.length);
    for (const rule of rules) expect(parseEgressRule(rule).private).toBe(false);
  }
});

test("Registries and models are allowed by default, GitHub is not: its way is the broker's (row 39)", () => {
  const list = egressList(worker);
  expect(decideEgress(list, { host: "Registry.npmjs.org", port: 443 })).toMatchObject({ allowed: true });
  expect(decideEgress(list, { host: "api.anthropic.com.", port: 443 })).toMatchObject({ allowed: true });
  expect(decideEgress(list, { host: "github.com", port: 443 })).toMatchObject({ allowed: false });
  const withGit = egressList({ ...worker, presets: ["git"] });
  expect(decideEgress(withGit, { host: "github.com", port: 443 })).toMatchObject({ allowed: true });
});

test("A port that no rule names is refused, naming the one that is", () => {
  const list = egressList({ ...worker, allow: ["mirror.test:80"] });
  expect(decideEgress(list, { host: "mirror.test", port: 80 })).toMatchObject({ allowed: true, private: false });
  expect(decideEgress(list, { host: "mirror.test", port: 443 })).toMatchObject({
    allowed: false,
    why: "Only mirror.test:80 is on the list.",
  });
});

test("What the worker or the workspace denies is refused, whatever allows it", () => {
  const denied = egressList({ ...worker, deny: ["*.npmjs.org"] }, { allow: ["registry.npmjs.org"], deny: [] });
  expect(decideEgress(denied, { host: "registry.npmjs.org", port: 443 })).toMatchObject({
    allowed: false,
    why: "The worker denies it.",
  });
  const own = egressList(worker, { allow: [], deny: ["pypi.org"] });
  expect(decideEgress(own, { host: "pypi.org", port: 443 })).toMatchObject({ why: "The workspace denies it." });
});

test("Only a rule that says so leads to private addresses", () => {
  const list = egressList(worker, { allow: ["nas.test", "nas.test/private", "other.test"], deny: [] });
  expect(decideEgress(list, { host: "nas.test", port: 443 })).toMatchObject({ private: true });
  expect(decideEgress(list, { host: "other.test", port: 443 })).toMatchObject({ private: false });
});

test("What is no host is refused without being shown as one", () => {
  const verdict = decideEgress(egressList(worker), { host: "a b", port: 443 });
  expect(verdict).toEqual({ allowed: false, why: "It is no host name." });
});

test("What is allowed last holds, and what is denied last holds", () => {
  const allowed = withAllowed(nothing, "*.example.com");
  const others = egressList(worker).allow;
  const denied = withDenied(allowed, "a.example.com", others);
  expect(denied).toEqual({ allow: ["*.example.com"], deny: ["a.example.com"] });
  expect(decideEgress(egressList(worker, denied), { host: "a.example.com", port: 443 }).allowed).toBe(false);
  const again = withAllowed(denied, "a.example.com");
  expect(again.deny).toEqual(["a.example.com!a.example.com"]);
  expect(decideEgress(egressList(worker, again), { host: "a.example.com", port: 443 }).allowed).toBe(true);
});

test("Taking back what nothing else allows leaves nothing behind, and what a preset allows is denied", () => {
  const others = egressList(worker).allow;
  expect(withDenied(withAllowed(nothing, "x.test:8443"), "x.test", others)).toEqual(nothing);
  expect(withDenied(nothing, "pypi.org", others)).toEqual({ allow: [], deny: ["pypi.org"] });
  expect(withDenied({ allow: ["a.x.test"], deny: ["*.x.test!a.x.test"] }, "a.x.test")).toEqual({
    allow: [],
    deny: ["*.x.test"],
  });
});

test("Allowing one port of a host that is denied, or one host below it, opens nothing else of it", () => {
  const others = egressList(worker).allow;
  const open = (egress: WorkspaceEgress, host: string, port: number): boolean =>
    decideEgress(egressList(worker, egress), { host, port }).allowed;
  const denied = withDenied(nothing, "pypi.org", others);
  const allowed = withAllowed(withAllowed(denied, "pypi.org:8080/private"), "pypi.org:8080");
  expect(allowed.deny).toEqual(["pypi.org!pypi.org:8080"]);
  expect([8080, 443].map((port) => open(allowed, "pypi.org", port))).toEqual([true, false]);
  expect(open(withAllowed(allowed, "pypi.org"), "pypi.org", 443)).toBe(true);
  expect(withDenied(allowed, "pypi.org", others)).toEqual(denied);

  const below = withAllowed({ allow: [], deny: ["*.npmjs.org"] }, "a.npmjs.org:8080");
  expect(open(below, "a.npmjs.org", 8080)).toBe(true);
  expect(open(below, "a.npmjs.org", 443)).toBe(false);
  expect(open(below, "registry.npmjs.org", 443)).toBe(false);
  expect(open(withDenied(below, "*.npmjs.org", others), "a.npmjs.org", 8080)).toBe(false);
});
