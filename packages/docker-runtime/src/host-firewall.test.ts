import { beforeEach, describe, expect, test } from "vitest";

import { createHostFirewall } from "./host-firewall.ts";
import { shortInstance } from "./labels.ts";
import type { Machine, ProgramResult } from "./machine.ts";

/** A machine that keeps jumps and chains as iptables does, without knowing what they mean. */
function createTables(): Machine & {
  rules: Map<string, string[]>;
  interfaces: Set<string>;
  refuse: boolean;
  restored: number;
} {
  const rules = new Map<string, string[]>([
    ["INPUT", ["-j ufw"]],
    ["FORWARD", []],
    ["DOCKER-USER", []],
  ]);
  const interfaces = new Set<string>();
  const done = (stdout = ""): ProgramResult => ({ code: 0, stdout, stderr: "" });
  const failed: ProgramResult = { code: 1, stdout: "", stderr: "no" };
  const listing = (): string[] => [
    ...[...rules.keys()].map((name) => `-N ${name}`),
    ...[...rules].flatMap(([name, lines]) =>
      lines.map((line) => `-A ${name} ${line.replace(/--comment (ws instance \S+)/, '--comment "$1"')}`),
    ),
  ];
  const tables = {
    rules,
    interfaces,
    refuse: false,
    restored: 0,
    platform: "linux" as const,
    root: true,
    addresses: () => [],
    routes: () => "",
    hasInterface: (name: string) => interfaces.has(name),
    start: () => {
      throw new Error("nothing is started");
    },
    async run(argv: readonly [string, ...string[]], { stdin = "" } = {}) {
      if (tables.refuse) return failed;
      if (argv[0] === "ip6tables") return argv[3] === "-D" ? failed : done();
      if (argv[0] === "iptables-restore") {
        tables.restored += 1;
        for (const [, chain] of stdin.matchAll(/^:(\S+)/gm)) rules.set(chain as string, []);
        for (const [, verb, chain = "", text = ""] of stdin
          .replaceAll('"', "")
          .matchAll(/^-([DI]) (\S+) (?:1 )?(.*)$/gm)) {
          const entries = rules.get(chain) ?? [];
          if (verb === "I") entries.unshift(text);
          else if (entries.includes(text)) entries.splice(entries.indexOf(text), 1);
          else return failed;
        }
        return done();
      }
      const [verb, ...rest] = argv.slice(3);
      if (verb === "-n") return done();
      const [hook = "", ...words] = rest;
      const chain = rules.get(hook);
      if (verb === "-S" && hook === "") return done(listing().join("\n"));
      if (chain === undefined) return failed;
      const text = words.join(" ");
      if (verb === "-S") return done(chain.map((rule) => `-A ${hook} ${rule}`).join("\n"));
      if (verb === "-C") return chain.includes(text) ? done() : failed;
      if (verb === "-D" && !chain.includes(text)) return failed;
      if (verb === "-D") chain.splice(chain.indexOf(text), 1);
      if (verb === "-X") rules.delete(hook);
      return done();
    },
  };
  return tables;
}

const log = { debug() {}, info() {}, warn() {}, error() {} };
const network = { name: "n", bridge: "ws-x", gateway: "10.0.0.1" };

describe("the firewall in the machine's own tables", () => {
  let tables: ReturnType<typeof createTables>;
  beforeEach(() => {
    tables = createTables();
  });
  const firewall = (instance: string) =>
    createHostFirewall({ machine: tables, instance, policy: { allowLan: true }, log });
  const jumpsOf = (hook: string, instance: string): number =>
    tables.rules.get(hook)?.filter((rule) => rule.includes(shortInstance(instance))).length ?? 0;

  test("comes first, and once, however often and by however many it is set", async () => {
    const mine = firewall("mine");
    await Promise.all([mine.apply(network), mine.apply(network), mine.apply(network)]);
    tables.rules.get("INPUT")?.unshift("-j ACCEPT");
    await Promise.all([mine.protect("one", network), mine.protect("two", network)]);
    expect(tables.rules.get("INPUT")?.[0]).toContain(`-j WS-IN-${shortInstance("mine")}`);
    expect([jumpsOf("INPUT", "mine"), jumpsOf("DOCKER-USER", "mine")]).toEqual([1, 1]);
    expect(tables.rules.get("INPUT")).toContain("-j ufw");
  });

  test("is left as it is while it stands first, also beside another worker's", async () => {
    for (const worker of ["mine", "theirs"]) tables.interfaces.add(`ws-${shortInstance(worker)}`);
    const [mine, theirs] = [firewall("mine"), firewall("theirs")];
    await mine.apply(network);
    await theirs.apply(network);
    const { restored } = tables;
    await mine.apply(network);
    await mine.protect("container", network);
    expect(tables.restored).toBe(restored);
  });

  test("is set again at a start where another program took it away", async () => {
    const mine = firewall("mine");
    await mine.apply(network);
    tables.rules.set("DOCKER-USER", []);
    await mine.protect("container", network);
    expect(jumpsOf("DOCKER-USER", "mine")).toBe(1);
  });

  test("takes the place of what an earlier version of the worker left", async () => {
    const short = shortInstance("mine");
    const earlier = (chain: string): string =>
      `-i ws-${short} -m comment --comment ws instance ${short} -j ${chain}-${short}`;
    tables.rules.get("INPUT")?.unshift(earlier("WS-IN"));
    tables.rules.get("DOCKER-USER")?.unshift(earlier("WS-FW"), earlier("WS-FW"));
    await firewall("mine").apply(network);
    expect([jumpsOf("INPUT", "mine"), jumpsOf("DOCKER-USER", "mine")]).toEqual([1, 1]);
    expect(tables.rules.get("INPUT")?.[0]).toContain(`-i ws-${short}+ `);
  });

  test("goes without a trace, and takes nobody else's with it", async () => {
    tables.interfaces.add(`ws-${shortInstance("mine")}`).add(`ws-${shortInstance("theirs")}`);
    await firewall("theirs").apply(network);
    await firewall("mine").apply(network);
    await firewall("mine").remove();
    await firewall("mine").remove();
    expect(JSON.stringify([...tables.rules])).not.toContain(shortInstance("mine"));
    expect([jumpsOf("INPUT", "theirs"), jumpsOf("DOCKER-USER", "theirs")]).toEqual([1, 1]);
  });

  test("sweeps away what a worker left whose network is gone", async () => {
    await firewall("gone").apply(network);
    await firewall("mine").apply(network);
    expect(JSON.stringify([...tables.rules])).not.toContain(shortInstance("gone"));
    expect(jumpsOf("INPUT", "mine")).toBe(1);
  });

  test("that cannot be set is an error and not an open network", async () => {
    tables.refuse = true;
    await expect(firewall("mine").apply(network)).rejects.toMatchObject({ code: "runtime_unavailable" });
    await expect(firewall("mine").protect("container", network)).rejects.toMatchObject({ code: "runtime_unavailable" });
  });
});
