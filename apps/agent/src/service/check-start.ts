import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "../config/config-file.ts";
import { requireKnown } from "../store/database.ts";

/**
 * Whether this program could go on with what an agent keeps in a directory, looked at while one may run there; changes nothing.
 * Throws `state_newer`, `state_corrupt`, `config_invalid`.
 */
export function checkStart(configDirectory: string): void {
  requireKnown(join(configDirectory, "state.db"));
  const config = join(configDirectory, "config.json");
  if (existsSync(config)) parseConfig(readFileSync(config, "utf8"), config);
}
