import { execFile } from "node:child_process";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { TOOL_PACKAGES } from "../tasks/install-tool.ts";

/**
 * The directory with the real coding tools, in the versions that workspaces get. They come from npm once, a gigabyte of them, and stay in the user's
 * cache for further runs.
 */
export async function realTools(): Promise<string> {
  const packages = Object.values(TOOL_PACKAGES);
  const name = packages.map((each) => each.replaceAll(/[^a-z0-9.]+/g, "-")).join("_");
  const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "workspace-tests");
  const place = join(cache, name);
  const bin = join(place, "node_modules", ".bin");
  if (await isThere(bin)) return bin;
  await mkdir(cache, { recursive: true });
  // Whole or not at all, also where two runs begin at once.
  const making = `${place}.${process.pid}`;
  try {
    const argv = ["install", "--prefix", making, "--no-fund", "--no-audit", "--no-save", "--", ...packages];
    await mkdir(making);
    await promisify(execFile)("npm", argv, { maxBuffer: 16 * 1024 * 1024 });
    await rename(making, place).catch(async (error: unknown) => {
      if (!(await isThere(bin))) throw error;
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return bin;
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
