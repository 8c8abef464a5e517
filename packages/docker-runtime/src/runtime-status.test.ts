import { describe, expect, test } from "vitest";

import { otherClock, remarks } from "./runtime-status.ts";

describe("what a person is told about the engine", () => {
  test("limits that the kernel does not keep are named", () => {
    const said = remarks({ MemoryLimit: true, SwapLimit: false, PidsLimit: false, SecurityOptions: [] });
    expect(said).toHaveLength(3);
  });

  test("a sound engine needs no remark", () => {
    expect(remarks({ MemoryLimit: true, SwapLimit: true, PidsLimit: true, SecurityOptions: ["name=seccomp"] })).toEqual(
      [],
    );
  });
});

test.each([
  ["of an engine with this machine's kernel behind a socket says nothing", "6.1.0", undefined],
  ["of an engine in a virtual machine is told", "6.2.0", 1_767_312_000_000],
  ["of an engine over TCP is told", undefined, 1_767_312_000_000],
] as const)("the clock %s", (_, kernel, time) => {
  expect(otherClock({ SystemTime: "2026-01-02T00:00:00Z", KernelVersion: "6.1.0" }, kernel)).toBe(time);
  expect(otherClock({ KernelVersion: "6.1.0" }, kernel)).toBeUndefined();
});
