import { describe, expect, test } from "vitest";

import { remarks } from "./runtime-status.ts";

describe("what a person is told about the engine", () => {
  test.each([
    ["1.1.5+ds1", ["CVE-2024-21626", "CVE-2025-31133"]],
    ["1.1.12", ["CVE-2025-31133"]],
    ["1.2.7", ["CVE-2025-31133"]],
    ["1.2.8", []],
    ["1.3.2", ["CVE-2025-31133"]],
    ["1.3.3", []],
    ["1.4.0", []],
    ["2.0.0", []],
  ])(
    "runc %s is named with the escapes that it allows: %j (row 20; CVE-2024-21626, CVE-2025-31133)",
    (version, cves) => {
      const said = remarks({}, version);
      expect(said).toHaveLength(cves.length === 0 ? 0 : 1);
      expect(said.join("\n").match(/CVE-2024-21626|CVE-2025-31133/g) ?? []).toEqual(cves);
    },
  );

  test("limits that the kernel does not keep are named", () => {
    const said = remarks({ MemoryLimit: true, SwapLimit: false, PidsLimit: false, SecurityOptions: [] }, undefined);
    expect(said).toHaveLength(3);
  });

  test("a sound engine needs no remark", () => {
    expect(
      remarks({ MemoryLimit: true, SwapLimit: true, PidsLimit: true, SecurityOptions: ["name=seccomp"] }, "1.4.1"),
    ).toEqual([]);
  });
});
