import { describe, expect, test } from "vitest";

import { containerRules, hostEntries, hostRules, listedInstances } from "./firewall-rules.ts";

const lines = (text: string): string[] => text.split("\n");

describe("the firewall's rules", () => {
  test("let the resolver through before anything is refused", () => {
    for (const text of [hostRules("i", { allowLan: false }), containerRules(["10.1.0.1"], { allowLan: false })]) {
      for (const chain of new Set(lines(text).flatMap((line) => /^-A (\S+)/.exec(line)?.[1] ?? []))) {
        const own = lines(text).filter((line) => line.startsWith(`-A ${chain} `));
        const lastResolver = own.findLastIndex((line) => line.includes("--dport 53"));
        expect(lastResolver).toBeGreaterThan(0);
        expect(own.findIndex((line) => line.includes("REJECT"))).toBeGreaterThan(lastResolver);
      }
    }
  });

  test("refuse cloud metadata always, and private networks where that is set", () => {
    const open = hostRules("i", { allowLan: true });
    const closed = hostRules("i", { allowLan: false });
    expect(open).toContain("-d 169.254.0.0/16 -j REJECT");
    expect(open).not.toContain("-d 10.0.0.0/8");
    for (const network of ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"]) {
      expect(closed).toContain(`-d ${network} -j REJECT`);
    }
  });

  test("refuse all that is addressed to the machine, at the end of the chain for INPUT", () => {
    const input = lines(hostRules("i", { allowLan: true })).filter((line) => line.startsWith("-A WS-IN-"));
    expect(input.at(-1)).toMatch(/^-A WS-IN-[0-9a-f]{10} -j REJECT$/);
    expect(containerRules(["10.1.0.1"], { allowLan: true })).toContain("-A OUTPUT -d 10.1.0.1 -j REJECT");
  });

  test("of two instances are in chains of their own, tagged with whose they are", () => {
    expect(hostRules("a", { allowLan: true })).not.toBe(hostRules("b", { allowLan: true }));
    const { bridge, jump } = hostEntries("0123456789");
    expect(jump("CHAIN").join(" ")).toBe(`-i ${bridge}+ -m comment --comment ws instance 0123456789 -j CHAIN`);
  });

  test("of all instances are found in what the machine lists", () => {
    const listed =
      "-P INPUT ACCEPT\n-N WS-IN-0123456789\n-N WS-FW-0123456789\n-N DOCKER\n-A WS-IN-abcdefabcd -j REJECT\n";
    expect(listedInstances(listed)).toEqual(["0123456789"]);
  });
});
