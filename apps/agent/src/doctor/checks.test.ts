import type { RuntimeStatus } from "@ws/workspace-core";
import { expect, test } from "vitest";
import type { DoctorOptions } from "./checks.ts";
import { runDoctor } from "./checks.ts";

const remark =
  "What is known of this isolation, at a length that fills more than one line of an ordinary terminal, twice.";

function doctor(status: Pick<RuntimeStatus, "isolation" | "remarks">) {
  const runtime: RuntimeStatus = { runtime: "docker", version: "28.0.0", ...status };
  const options = {
    configDir: "/nonexistent",
    host: "127.0.0.1",
    disk: { free: async () => ({ bytes: 1e12, totalBytes: 2e12, inodes: 1, totalInodes: 1 }) },
    state: { problems: () => [] },
    worker: async () => ({
      workspaces: { status: async () => runtime },
      runtime: () => ({ ...runtime, available: true }),
    }),
  } as unknown as DoctorOptions;
  return runDoctor(options);
}

test.each(["container", "sandbox", "none"] as const)(
  "isolation '%s' is one short line and one next step, however much is known of it",
  async (isolation) => {
    const check = (await doctor({ isolation, remarks: [remark, remark] })).find(({ id }) => id === "isolation");
    expect(check).toMatchObject({ status: "warn", next: expect.stringContaining("ws info") });
    expect(`! Isolation: ${check?.message}`.length).toBeLessThanOrEqual(80);
    expect(`    ${check?.next}`.length).toBeLessThanOrEqual(80);
  },
);

test("containers without a remark are nothing to do something about", async () => {
  const check = (await doctor({ isolation: "container", remarks: [] })).find(({ id }) => id === "isolation");
  expect(check).toEqual({ id: "isolation", title: "Isolation", status: "ok", message: "Workspaces are containers." });
});
