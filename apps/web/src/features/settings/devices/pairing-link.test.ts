import { expect, test } from "vitest";
import { commandForOthers, linkForOthers } from "./pairing-link.ts";

const CODE = "K7QM-4XTR";
const OWN = `http://127.0.0.1:7391/#pair=${CODE}`;
const NET = `https://192.168.1.20:7391/#pair=${CODE}`;

test.each([
  ["of its own machine, seen there", OWN, "machine", "http://127.0.0.1:7391", undefined, undefined],
  ["of a network, seen on its own machine", NET, "network", "http://localhost:7391", undefined, NET],
  ["behind a proxy", OWN, "machine", "https://ws.example.com", undefined, `https://ws.example.com/#pair=${CODE}`],
  ["behind a hub, which is no way to pair with it", OWN, "machine", "https://hub.example.com", "desk", undefined],
  ["behind a hub, and of a network itself", NET, "network", "https://hub.example.com", "desk", NET],
] as const)(
  "Of a worker %s, others are given the way that leads there",
  (_which, link, reach, origin, worker, expected) => {
    expect(linkForOthers({ link, reach }, { origin, worker })).toBe(expected);
  },
);

test("The command names the worker as shortly as it is found", () => {
  expect(commandForOthers(NET, CODE)).toBe(`ws pair 192.168.1.20 ${CODE}`);
  expect(commandForOthers(`https://ws.example.com/#pair=${CODE}`, CODE)).toBe(`ws pair https://ws.example.com ${CODE}`);
  expect(commandForOthers(`https://ws.example.com:8443/#pair=${CODE}`, CODE)).toBe(
    `ws pair ws.example.com:8443 ${CODE}`,
  );
});
