import { expect, test } from "vitest";
import { wantedPorts } from "./wanted-ports.ts";

const PORTS = [
  { port: 3000, label: "web", local: 8080, listening: true },
  { port: 5432, label: "db", listening: false },
  { port: 9000, listening: true },
];

test.each([
  [
    [],
    [
      { port: 3000, local: 8080, label: "web" },
      { port: 5432, local: 5432, label: "db" },
    ],
  ],
  [["3000"], [{ port: 3000, local: 8080, label: "web" }]],
  [
    ["web:0", "9000"],
    [
      { port: 3000, local: 0, label: "web" },
      { port: 9000, local: 9000 },
    ],
  ],
  [["4000:4001"], [{ port: 4000, local: 4001 }]],
])("%j is what was asked for", (words, wanted) => {
  expect(wantedPorts("demo", words, PORTS)).toEqual(wanted);
});

test.each(["0", "65536", "3000:65536", "3000:", ":3000", "3000:80:90", "we b", "Web"])(
  "'%s' is refused with the form that is taken",
  (word) => {
    expect(() => wantedPorts("demo", [word], PORTS)).toThrow(`'${word}' is not PORT`);
  },
);

test("a name that no port has is said, and so is that none has one", () => {
  expect(() => wantedPorts("demo", ["api"], PORTS)).toThrow("No port of 'demo' is called 'api'.");
  expect(() => wantedPorts("demo", [], [])).toThrow("No port of 'demo' has a name");
});
