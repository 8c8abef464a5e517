import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { candidateSubnets, formatSubnet, overlaps, parseSubnet, routedSubnets } from "./subnets.ts";

const subnets = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 8, max: 30 }))
  .map(([address, bits]) => ({ base: address - (address % 2 ** (32 - bits)), bits }));

describe("subnets", () => {
  test("are read as they are written", () => {
    fc.assert(
      fc.property(subnets, (subnet) => {
        expect(parseSubnet(formatSubnet(subnet))).toEqual(subnet);
      }),
    );
    expect(formatSubnet(parseSubnet("10.20.30.40/24"))).toBe("10.20.30.0/24");
  });

  test.each(["", "10.0.0.0", "10.0.0.256/24", "10.0.0.0/33", "fd00::/64", "10.0.0.0/24 "])("'%s' is none", (text) => {
    expect(() => parseSubnet(text)).toThrow("is not an IPv4 network");
  });

  test("of an instance begin at the same place each time, and avoid what is taken", () => {
    const first = [...candidateSubnets("one", [])][0];
    expect([...candidateSubnets("one", [])][0]).toEqual(first);
    expect([...candidateSubnets("two", [])][0]).not.toEqual(first);
    fc.assert(
      fc.property(fc.string(), fc.array(subnets, { maxLength: 4 }), (instance, taken) => {
        const candidate = candidateSubnets(instance, taken).next().value ?? undefined;
        if (candidate === undefined) return;
        expect(taken.some((other) => overlaps(candidate, other))).toBe(false);
        expect(overlaps(candidate, parseSubnet("10.128.0.0/9"))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test("that the machine reaches already are found in its routing table", () => {
    const table = [
      "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT",
      "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
      "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0",
      "",
    ].join("\n");
    expect(routedSubnets(table).map(formatSubnet)).toEqual(["172.17.0.0/16"]);
    expect(routedSubnets("")).toEqual([]);
  });
});
