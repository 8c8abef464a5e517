import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ON_A_FULL_DISK } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("testing/run-on-full-disk.ts", import.meta.url));

test("on a full disk files say that it is, keep what they hold and leave nothing half-made", async () => {
  const disk = mkdtempSync(join(tmpdir(), "ws-full-"));
  try {
    const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
    const mount = `mount -t tmpfs -o size=4m tmpfs "$0" && exec "$@"`;
    const program = [process.execPath, "--conditions=source", PROGRAM, disk];
    const argv = ["--mount", ...asRoot, "sh", "-c", mount, disk, ...program];
    const { stdout } = await promisify(execFile)("unshare", argv);
    expect(JSON.parse(stdout)).toEqual(ON_A_FULL_DISK);
  } finally {
    rmSync(disk, { recursive: true });
  }
});
