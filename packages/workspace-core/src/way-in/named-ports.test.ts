import { expect, test } from "vitest";
import { isWsError } from "../errors.ts";
import { parseNamedPorts } from "./named-ports.ts";

test("ports are kept by number, and a local port only where it is another one", () => {
  const given = [
    { port: 5432, label: "db", local: 5432 },
    { port: 80, label: "web-1", local: 8080 },
  ];
  expect(parseNamedPorts(given)).toEqual([
    { port: 80, label: "web-1", local: 8080 },
    { port: 5432, label: "db" },
  ]);
});

test.each([
  [[{ port: 0, label: "web" }]],
  [[{ port: 65_536, label: "web" }]],
  [[{ port: 1.5, label: "web" }]],
  [[{ port: 80, label: "web", local: 0 }]],
  [[{ port: 80, label: "3000" }]],
  [[{ port: 80, label: "Web" }]],
  [[{ port: 80, label: "-web" }]],
  [[{ port: 80, label: "web\u001b[2J" }]],
  [[{ port: 80, label: "a".repeat(33) }]],
  [
    [
      { port: 80, label: "a" },
      { port: 80, label: "b" },
    ],
  ],
  [
    [
      { port: 80, label: "a" },
      { port: 81, label: "a" },
    ],
  ],
  [Array.from({ length: 101 }, (_each, at) => ({ port: at + 1, label: `p${at}` }))],
])("%j is refused", (given) => {
  try {
    parseNamedPorts(given);
    expect.unreachable();
  } catch (error) {
    expect(isWsError(error, "invalid_input")).toBe(true);
    expect(String(error)).not.toContain("\u001b");
  }
});
