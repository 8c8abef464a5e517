import type { Setting } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { areasOf } from "./find-in.ts";

const setting = (key: string, given: Partial<Setting> = {}): Setting => ({
  key,
  value: "",
  default: "",
  description: "",
  source: "default",
  restart: false,
  ...given,
});
const SETTINGS = [
  setting("port", { area: "Address", description: "TCP port of the API.", shadowedBy: "WS_PORT" }),
  setting("workspaceTtlSeconds", { area: "Workspaces" }),
  setting("host", { area: "Address" }),
  setting("env.GITHUB_TOKEN"),
];
const found = (text: string) => areasOf(SETTINGS, text).flatMap(({ settings }) => settings.map(({ key }) => key));

test("Settings stand by area, in the worker's order, and credentials not among them", () => {
  expect(areasOf(SETTINGS, "").map(({ name, settings }) => [name, settings.length])).toEqual([
    ["Address", 2],
    ["Workspaces", 1],
  ]);
});

test.each([
  ["TTL seconds", ["workspaceTtlSeconds"]],
  ["ws_port", ["port"]],
  ["api tcp", ["port"]],
  ["address", ["port", "host"]],
  ["token", []],
])("By '%s' %j are found", (text, keys) => {
  expect(found(text)).toEqual(keys);
});
