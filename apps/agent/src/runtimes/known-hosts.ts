import { readFile } from "node:fs/promises";
import type { Log } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import { expandHome } from "../paths.ts";

/** What the worker was told of the keys of SSH servers; nothing where there is no such file. */
export async function readKnownHosts(options: {
  config: Pick<Config, "get">;
  env: Readonly<Record<string, string | undefined>>;
  log: Log;
}): Promise<string> {
  const path = expandHome(options.config.get("git.knownHosts"), options.env);
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      options.log.warn("git.knownHosts cannot be read", { path, error });
    return "";
  }
}
