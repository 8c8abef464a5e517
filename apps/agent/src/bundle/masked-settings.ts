import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig, valueAt } from "../config/config-file.ts";
import { STORED } from "../config/secrets.ts";
import type { SettingDefinition } from "../config/settings/definition.ts";
import { SETTINGS } from "../config/settings.ts";

const HIDDEN = "[hidden]";

/** What config.json says of settings that are known: of secrets that they are there, of variables and files their names. Everything else is named and not shown. */
export function maskedSettings(configDir: string): string {
  const path = join(configDir, "config.json");
  if (!existsSync(path)) return "config.json is not there.\n";
  const text = readFileSync(path, "utf8");
  let content;
  try {
    content = parseConfig(text, path);
  } catch (error) {
    // Its place only: what is wrong with a text may quote it.
    const { line, column } = (error as { data?: { line?: number; column?: number } }).data ?? {};
    return `config.json cannot be used; what is wrong is in line ${line}, column ${column}.\n`;
  }
  const shown: Record<string, unknown> = {};
  for (const [key, { secret }] of Object.entries<SettingDefinition>(SETTINGS)) {
    const value = valueAt(content, key.split("."));
    if (value !== undefined) shown[key] = secret === true && value !== STORED && value !== "" ? HIDDEN : value;
  }
  const { env = {}, files = {}, expose = [] } = content.credentials ?? {};
  const known = new Set(["credentials", ...Object.keys(SETTINGS).map((key) => key.split(".")[0])]);
  const unknown = Object.keys(content).filter((key) => !known.has(key));
  const credentials = { env: Object.keys(env), files: Object.keys(files), expose };
  return `${JSON.stringify({ settings: shown, credentials, unknown }, null, 2)}\n`;
}
