import type { WorkspacePort } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { forwardCommand, labelProblem, portOf, reachOf, withName } from "./ports.ts";

const listed: WorkspacePort[] = [
  { port: 3000, listening: true, addresses: ["127.0.0.1"], program: "node", label: "web", local: 8080 },
  { port: 5432, listening: true, addresses: ["0.0.0.0", "::"] },
  { port: 9000, listening: false, label: "docs" },
];

test.each([
  [["127.0.0.1"], "only within the workspace"],
  [["127.0.0.1", "::1"], "only within the workspace"],
  [["127.0.0.1", "::"], "all its addresses"],
])("What listens at %j is reached at %s", (addresses, words) => {
  expect(reachOf({ addresses })).toBe(words);
});

test("A name is given, changed and taken away without touching the others, and what only listens gets none", () => {
  const docs = { port: 9000, label: "docs" };
  const web = { port: 3000, label: "web", local: 8080 };
  expect(withName(listed, 5432, { port: 5432, label: "db" })).toEqual([web, docs, { port: 5432, label: "db" }]);
  expect(withName(listed, 3000, { port: 3000, label: "app" })).toEqual([docs, { port: 3000, label: "app" }]);
  expect(withName(listed, 9000, undefined)).toEqual([web]);
});

test.each([
  ["3000", 3000],
  [" 80 ", 80],
  ["0", undefined],
  ["65536", undefined],
  ["3e3", undefined],
  ["-1", undefined],
  ["", undefined],
])("'%s' is the port %s", (text, port) => {
  expect(portOf(text)).toBe(port);
});

test.each(["web", "a", "2nd", "my-app"])("'%s' names a port", (label) => {
  expect(labelProblem(label)).toBeUndefined();
});

test.each(["", "3000", "Web", "-a", "a-", "a b", "a".repeat(33)])("'%s' does not", (label) => {
  expect(labelProblem(label)).toBeDefined();
});

test("The command brings a port to where it is wanted", () => {
  expect(forwardCommand("demo", { port: 3000 })).toBe("ws forward demo 3000");
  expect(forwardCommand("demo", { port: 3000, local: 8080 })).toBe("ws forward demo 3000:8080");
});
