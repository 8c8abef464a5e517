import { AGENTS } from "./settings/agents.ts";
import type { SettingDefinition } from "./settings/definition.ts";
import { EGRESS } from "./settings/egress.ts";
import { GIT } from "./settings/git.ts";
import { GITHUB } from "./settings/github.ts";
import { HUB } from "./settings/hub.ts";
import { LISTENING } from "./settings/listening.ts";
import { LOGGING } from "./settings/logging.ts";
import { NOTIFICATIONS } from "./settings/notifications.ts";
import { PROVIDERS } from "./settings/providers.ts";
import { RUNTIMES } from "./settings/runtimes.ts";
import { SCRIPTS } from "./settings/scripts.ts";
import { TAILNET } from "./settings/tailnet.ts";
import { TASKS } from "./settings/tasks.ts";
import { TLS } from "./settings/tls.ts";
import { USAGE } from "./settings/usage.ts";
import { WORKSPACES } from "./settings/workspaces.ts";

/** Every setting of the worker. The documentation, `ws config list` and the schema of config.json come from here. */
export const SETTINGS = {
  ...LISTENING,
  ...TLS,
  ...TAILNET,
  ...WORKSPACES,
  ...TASKS,
  ...AGENTS,
  ...USAGE,
  ...RUNTIMES,
  ...EGRESS,
  ...GIT,
  ...GITHUB,
  ...SCRIPTS,
  ...PROVIDERS,
  ...NOTIFICATIONS,
  ...HUB,
  ...LOGGING,
} as const;

/** What belongs together, under what people read. */
const AREAS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "Address and network": LISTENING,
  TLS,
  Tailnet: TAILNET,
  Workspaces: WORKSPACES,
  Tasks: TASKS,
  "Coding tools": AGENTS,
  "Prices and budget": USAGE,
  Runtimes: RUNTIMES,
  "Way out of workspaces": EGRESS,
  Git: GIT,
  GitHub: GITHUB,
  Scripts: SCRIPTS,
  Providers: PROVIDERS,
  Notifications: NOTIFICATIONS,
  Hub: HUB,
  Log: LOGGING,
};

export function areaOf(key: SettingKey): string {
  return Object.entries(AREAS).find(([, settings]) => Object.hasOwn(settings, key))?.[0] ?? "Other";
}

export type SettingKey = keyof typeof SETTINGS;
export type SettingValue<K extends SettingKey> = (typeof SETTINGS)[K]["default"];

/** The variables that hold over settings. */
export function settingVariables(): string[] {
  return Object.values<SettingDefinition>(SETTINGS).flatMap(({ env }) => env);
}

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}

/**
 * A value as a command line or an environment variable gives it, in the form the schema wants: numbers, booleans and
 * comma-separated lists may come as text, and what is none of these as JSON. What cannot be read is returned unchanged, for the schema to refuse.
 */
export function coerce(key: SettingKey, value: unknown): unknown {
  if (typeof value !== "string") return value;
  const { schema, default: fallback } = SETTINGS[key] as SettingDefinition;
  if (schema.safeParse(value).success) return value;
  if (Array.isArray(fallback)) {
    return value
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "");
  }
  if (typeof fallback === "boolean") {
    if (["true", "1", "yes", "on"].includes(value.toLowerCase())) return true;
    if (["false", "0", "no", "off", ""].includes(value.toLowerCase())) return false;
  }
  if (typeof fallback === "object") return parsed(value);
  return typeof fallback === "number" && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
