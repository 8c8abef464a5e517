import { expect, test } from "vitest";
import { configText, knownHostsText, knownWorkers } from "./config-text.ts";

const PLACES = { key: "/c/ssh/id_ed25519", knownHosts: "/c/ssh/known_hosts" };
const WORKERS = [
  { id: "0a", hostKey: "ssh-ed25519 AAAA" },
  { name: "desk", id: "0b", hostKey: "ssh-ed25519 BBBB" },
];

test("a worker's own names stand before those of all", () => {
  const text = configText(WORKERS, PLACES, ["node", "main.js"]);
  expect(text.match(/^Host .*$/gm)).toEqual([`Host "*'*.ws"`, "Host *.desk.ws", "Host *.ws", "Host *.ws"]);
  expect(text).toContain("  ProxyCommand 'node' 'main.js' ssh-proxy '%n'\n");
  for (const line of ["StrictHostKeyChecking yes", "IdentitiesOnly yes", "ForwardAgent no"])
    expect(text).toContain(line);
});

test("what was written is known again, also of a worker that is out of reach", () => {
  const text = configText(WORKERS, PLACES, ["ws"]);
  expect(knownWorkers(text, knownHostsText(WORKERS))).toEqual([WORKERS[1], WORKERS[0]]);
  expect(knownWorkers(text, "")).toEqual([]);
  expect(knownWorkers("", "")).toEqual([]);
});

test("words of the command are those of a shell, and SSH's own signs are none", () => {
  const text = configText(WORKERS, PLACES, ["/it's/50%/a b", "$(id)"]);
  expect(text).toContain(String.raw`ProxyCommand '/it'\''s/50%%/a b' '$(id)' ssh-proxy '%n'`);
});

test.each(["/a\nProxyCommand id", '/a"b', "/a\r", "/a\0"])("the path %j is refused", (path) => {
  expect(() => configText(WORKERS, { ...PLACES, key: path }, ["ws"])).toThrow("cannot hold this path");
});
