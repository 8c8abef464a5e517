import { expect, test } from "vitest";
import { parseHost } from "./host-names.ts";

test.each([
  ["demo.ws", { workspace: "demo" }],
  ["DEMO.ws", { workspace: "demo" }],
  ["demo.desk.ws", { workspace: "demo", worker: "desk" }],
])("%s is %j", (host, meant) => {
  expect(parseHost(host)).toEqual(meant);
});

test.each([
  "demo",
  ".ws",
  "demo.ws.example.com",
  "demo.a.b.ws",
  "-oProxyCommand=x.ws",
  "../x.ws",
  "a/b.ws",
  "$(id).ws",
  "a;id.ws",
  "demo...ws",
  "demo.ws\n",
  `${"a".repeat(64)}.ws`,
])("'%s' leads nowhere, and is not said again", (host) => {
  expect(() => parseHost(host)).toThrow("This is not the host name of a workspace.");
});
