import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { tempDir } from "../testing/temp-dir.ts";

const PROGRAM = fileURLToPath(new URL("../testing/run-on-full-disk.ts", import.meta.url));

test("on a full disk nothing new is begun, what gives space back still works, and the agent lives on and starts anew", async () => {
  using disk = tempDir();
  const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  // A limit, not memory: the program makes it 8 MiB before it fills it.
  const mount = `mount -t tmpfs -o size=3g tmpfs "$0" && exec "$@"`;
  const inside = [process.execPath, "--conditions=source", PROGRAM, disk.path];
  const { stdout } = await promisify(execFile)("unshare", [
    "--mount",
    ...asRoot,
    "sh",
    "-c",
    mount,
    disk.path,
    ...inside,
  ]);
  expect(JSON.parse(stdout)).toEqual({
    create: "disk_full",
    get: "running",
    logs: true,
    exec: "hello\n",
    stop: "stopped",
    delete: { success: true },
    revoke: { success: true },
    list: ["kept", "other", "late", "last"],
    places: ["kept", "other", "late", "last"],
    health: 200,
    "a change that cannot be written": "disk_full",
    "stop, however much was refused": "stopped",
    "delete, however much was refused": { success: true },
    "revoke, however much was refused": { success: true },
    "a setting": "disk_full",
    settings: 0,
    files: ["config.json"],
    "sign in": expect.any(Number),
    "list again": ["kept", "other", "late"],
    "create with room": "running",
    start: ["kept", "other", "late", "new"],
    "sign in after many starts": expect.any(Number),
    "delete after many starts": { success: true },
    "start with nothing kept": "disk_full",
    "start with room": ["kept", "late", "new"],
  });
});
