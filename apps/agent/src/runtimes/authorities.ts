import type { Log } from "@ws/workspace-core";
import { readAuthority } from "../config/authority-file.ts";
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
