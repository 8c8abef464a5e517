import { expect, test } from "vitest";
import { configText, knownHostsText, knownWorkers } from "./config-text.ts";

const PLACES = { key: "/c/ssh/id_ed25519", knownHosts: "/c/ssh/known_hosts" };
const WORKERS = [
  { id: "0a".repeat(8), hostKey: keyOf("A") },
  { name: "desk", id: "0b".repeat(8), hostKey: keyOf("B") },
] as const;

function keyOf(letter: string): string {
  return `ssh-ed25519 ${letter.repeat(68)}`;
}

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

const { id: ID, hostKey: KEY } = WORKERS[0];

test.each([
  { id: `${ID}\nHost *\n  ProxyCommand id\n#`, hostKey: KEY },
  { id: `${ID}\n`, hostKey: KEY },
  { id: "*", hostKey: KEY },
  { id: "", hostKey: KEY },
  { id: ID, hostKey: `${KEY}\nws-${WORKERS[1].id} ${keyOf("C")}` },
  { id: ID, hostKey: `${KEY}\n` },
  { id: ID, hostKey: KEY.replace("ed25519", "rsa") },
  { id: ID, hostKey: "" },
])("a worker that says %j of itself is written into no file", (worker) => {
  expect(() => configText([worker], PLACES, ["ws"])).toThrow("that no worker has");
  expect(() => knownHostsText([worker])).toThrow("that no worker has");
});

test("of two keys for one worker none is written", () => {
  expect(() => knownHostsText([WORKERS[0], { name: "desk", id: ID, hostKey: keyOf("C") }])).toThrow("Two workers say");
  expect(knownHostsText([WORKERS[0], { ...WORKERS[0], name: "desk" }])).toBe(`ws-${ID} ${KEY}\n`);
});

test("what was written for a worker that none can be is not read back", () => {
  const text = configText(WORKERS, PLACES, ["ws"]).replaceAll(ID, "evil");
  expect(knownWorkers(text, knownHostsText(WORKERS).replace(ID, "evil"))).toEqual([WORKERS[1]]);
});
