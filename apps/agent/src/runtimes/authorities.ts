import { readFileSync } from "node:fs";
import { WsError, type Log } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";

/** The authorities that git servers may have beside the system's, as PEM. Throws `config_invalid` for a file that is not there. */
export function readAuthorities({ config, log }: { config: Config; log: Log }): string[] {
  const variable = config.variable("git.ca");
  return config.get("git.ca").flatMap((path) => {
    try {
      return [readAuthority(path, variable ?? "git.ca in config.json")];
    } catch (error) {
      // Git's variable was set for git, and must not keep a worker from starting.
      if (variable !== "GIT_SSL_CAINFO") throw error;
      log.warn("GIT_SSL_CAINFO names a file that cannot be read; the system's authorities are used", { path });
      return [];
    }
  });
}

/** One file of authorities. Throws `config_invalid`, naming what says the file, where it cannot be read. */
export function readAuthority(path: string, from: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WsError("config_invalid", {
      message: `The file of certificate authorities ${path} cannot be read (${code}).`,
      next: `Put it there, or correct ${from}.`,
      data: { file: path },
      cause: error,
    });
  }
}
