import { describe, expect, test } from "vitest";

import { remarks } from "./runtime-status.ts";

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
