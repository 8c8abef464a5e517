import type { RuntimeStatus } from "@ws/workspace-core";
import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tempDir } from "../testing/temp-dir.ts";
import type { DoctorOptions } from "./checks.ts";
import { checkInotify, runDoctor } from "./checks.ts";

const remark =
  "What is known of this isolation, at a length that fills more than one line of an ordinary terminal, twice.";

function doctor(status: Pick<RuntimeStatus, "isolation" | "remarks">) {
  const runtime: RuntimeStatus = { runtime: "docker", version: "28.0.0", ...status };
  const options = {
    configDir: "/nonexistent",
    host: "127.0.0.1",
    disk: { free: async () => ({ bytes: 1e12, totalBytes: 2e12, inodes: 1, totalInodes: 1 }) },
    state: { problems: () => [] },
    hub: () => undefined,
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

test.each([
  [128, 1_000_000, "warn", "fs.inotify.max_user_instances=1024."],
  [1_024, 8_192, "warn", "fs.inotify.max_user_watches=524288."],
  [128, 8_192, "warn", "fs.inotify.max_user_instances=1024 fs.inotify.max_user_watches=524288."],
  [256, 65_536, "ok", undefined],
] as const)("of %i watchers over %i directories is said: %s", async (instances, watches, status, raised) => {
  using directory = tempDir();
  writeFileSync(`${directory.path}/max_user_instances`, `${instances}\n`);
  writeFileSync(`${directory.path}/max_user_watches`, `${watches}\n`);
  const found = await checkInotify(directory.path);
  expect(found).toMatchObject({
    status,
    message: `${instances} file watchers can run at once, over ${watches} directories.`,
  });
  expect(found.next).toBe(raised === undefined ? undefined : `Raise it: sysctl -w ${raised}`);
});

test("a system without such limits is well", async () => {
  expect(await checkInotify("/nonexistent")).toEqual({ status: "ok", message: "This system has no inotify limits." });
});
