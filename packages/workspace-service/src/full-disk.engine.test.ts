import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("./testing/run-on-full-disk.ts", import.meta.url));

test("on a full disk nothing new is provisioned, and what gives space back or takes rights away still works", async () => {
  const disk = mkdtempSync(join(tmpdir(), "ws-full-"));
  try {
    const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
    // A limit, not memory: the program makes it 16 MiB before it fills it.
    const mount = `mount -t tmpfs -o size=3g tmpfs "$0" && exec "$@"`;
    const inside = [process.execPath, "--conditions=source", PROGRAM, disk];
    const argv = ["--mount", ...asRoot, "sh", "-c", mount, disk, ...inside];
    const { stdout } = await promisify(execFile)("unshare", argv);
    expect(JSON.parse(stdout)).toEqual({
      provision: "disk_full",
      cleanup: { kept: false },
      "what holds work": { kept: true, reason: "unpushed_work", holder: expect.stringContaining("1 file") as string },
      "its right": "ended",
      worktree: "done",
      "cleanup after a start": { kept: false },
      "and once more": { kept: false },
      tokens: [false, true, false, true, false],
      listed: [1, 3],
      "provision with room": "ready",
    });
  } finally {
    rmSync(disk, { recursive: true, force: true });
  }
});
