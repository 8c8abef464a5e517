import { join } from "node:path";
import type { z } from "zod";
import type { Setting } from "@ws/rpc-contract";
import { WsError, type Log } from "@ws/workspace-core";
import type { Redactor } from "../log/redact.ts";
import { openConfigFile, valueAt, type ConfigContent } from "./config-file.ts";
import { createCredentials, mask, type Credentials } from "./credentials.ts";
import { plainIssue } from "./plain-issue.ts";
import { openSecretStore, STORED, type SecretStore } from "./secrets.ts";
import { requireStartable } from "./startable.ts";
import { takesOf, typeOf } from "./setting-type.ts";
import type { SettingDefinition } from "./settings/definition.ts";
import { areaOf, coerce, isSettingKey, SETTINGS, type SettingKey, type SettingValue } from "./settings.ts";

/** What belongs together and is no secret. */
type PlainKey = "egress.allow" | "egress.deny" | `usage.budget.${"day" | "month" | "execution" | "hold"}`;

export interface Config {
  get<K extends SettingKey>(key: K): SettingValue<K>;
  /** The variable that the value comes from; undefined where it comes from elsewhere. */
  variable(key: SettingKey): string | undefined;
  list(): Setting[];
  /** Throws `invalid_input` for an unknown key or an unfit value. `env.NAME` and `files.DESTINATION` are credentials. */
  set(key: string, value: unknown): Setting;
  /** Several settings in one write: all of them or, where one is unfit, none. Throws `invalid_input`. */
  setTogether(values: Readonly<Partial<Record<PlainKey, unknown>>>): void;
  unset(key: string): Setting;
  readonly credentials: Credentials;
  readonly secrets: SecretStore;
}

export interface ConfigOptions {
  configDir: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Values given on the command line; they hold over everything else. */
  overrides?: Readonly<Partial<Record<SettingKey, unknown>>>;
  log: Log;
  redactor: Redactor;
}

/** The worker's configuration. Throws `config_invalid`; the file is never changed then. */
export function loadConfig({ configDir, env, overrides = {}, log, redactor }: ConfigOptions): Config {
  const file = openConfigFile(join(configDir, "config.json"), log);
  const secrets = openSecretStore(join(configDir, "secrets.json"), redactor);
  const credentials = createCredentials(file, secrets, log);
  credentials.adopt();
  const fixed = readOverrides(env, overrides);
  for (const key of Object.keys(SETTINGS) as SettingKey[]) {
    if (isSecret(key)) redactor.add(get(key) as string);
  }

  function describe(key: SettingKey): Setting {
    const { default: fallback, description, restart, schema } = SETTINGS[key] as SettingDefinition;
    const inFile = valueAt(file.read(), key.split("."));
    const source = fixed.has(key) ? "environment" : inFile === undefined ? "default" : "file";
    const shadowedBy = fixed.get(key)?.variable;
    const value = isSecret(key) ? mask((get(key) as string) || undefined) : get(key);
    return {
      key,
      value,
      default: fallback,
      description,
      source,
      restart,
      area: areaOf(key),
      takes: takesOf(schema),
      ...(isSecret(key) && { secret: true as const }),
      ...(shadowedBy !== undefined && { shadowedBy }),
    };
  }

  function get<K extends SettingKey>(key: K): SettingValue<K> {
    const inFile = isSecret(key) ? secretOf(key) : valueAt(file.read(), key.split("."));
    return (fixed.get(key)?.value ?? inFile ?? SETTINGS[key].default) as SettingValue<K>;
  }

  /** One that stands in config.json is moved away from there. */
  function secretOf(key: SettingKey): string | undefined {
    const inFile = valueAt(file.read(), key.split("."));
    if (typeof inFile !== "string" || inFile === "") return undefined;
    if (inFile === STORED) return secrets.setting(key);
    secrets.setSetting(key, inFile);
    file.write(withValue(file.read(), key.split("."), STORED));
    log.warn("a secret was moved from config.json into the secret store; '@stored' stands in its place", { key });
    return inFile;
  }

  /** Nothing is written with which the agent would not start again. */
  function write(key: SettingKey, content: ConfigContent): Setting {
    demandStartable(key, content);
    file.write(content);
    return describe(key);
  }

  function demandStartable(key: SettingKey, content: ConfigContent): void {
    const variable = (other: SettingKey): string | undefined => fixed.get(other)?.variable;
    requireStartable(key, {
      variable,
      get<K extends SettingKey>(other: K): SettingValue<K> {
        // What is set now is to be right whatever holds over it; options may not be given again.
        const held = other === "git.ca" || variable(other) === undefined ? undefined : fixed.get(other)?.value;
        return (held ?? valueAt(content, other.split(".")) ?? SETTINGS[other].default) as SettingValue<K>;
      },
    });
  }

  return {
    get,
    variable: (key) => fixed.get(key)?.variable,
    credentials,
    secrets,
    list: () => [...(Object.keys(SETTINGS) as SettingKey[]).map(describe), ...credentials.settings()],
    set(key, value) {
      const credential = credentials.set(key, value);
      if (credential !== undefined) return credential;
      const known = requireKey(key);
      const next = fitting(known, value);
      if (!isSecret(known)) return write(known, withValue(file.read(), key.split("."), next));
      secrets.setSetting(known, String(next));
      return write(known, withValue(file.read(), key.split("."), STORED));
    },
    setTogether(values) {
      const fit = Object.entries(values).map(([key, value]) => [key, fitting(requireKey(key), value)] as const);
      const content = fit.reduce((before, [key, value]) => withValue(before, key.split("."), value), file.read());
      for (const [key] of fit) demandStartable(requireKey(key), content);
      file.write(content);
    },
    unset(key) {
      const credential = credentials.unset(key);
      if (credential !== undefined) return credential;
      const known = requireKey(key);
      if (isSecret(known)) secrets.setSetting(known, undefined);
      return write(known, withoutValue(file.read(), key.split(".")));
    },
  };
}

/** What holds over the file. */
interface Override {
  value: unknown;
  /** Absent where the command line says it. */
  variable?: string;
}

function readOverrides(
  env: ConfigOptions["env"],
  overrides: NonNullable<ConfigOptions["overrides"]>,
): Map<SettingKey, Override> {
  const fixed = new Map<SettingKey, Override>();
  for (const [key, definition] of Object.entries(SETTINGS) as [SettingKey, SettingDefinition][]) {
    const option = overrides[key];
    const isSet = (name: string): boolean => env[name] !== undefined && env[name] !== "";
    const variable = option === undefined ? definition.env.find(isSet) : undefined;
    const given = variable === undefined ? option : env[variable];
    if (given === undefined) continue;
    const value = coerce(key, given);
    const result = definition.schema.safeParse(value);
    const from = variable === undefined ? `The option for ${key}` : `The variable ${variable}`;
    if (!result.success) {
      throw new WsError("config_invalid", {
        message: `${from} ${plainIssue(result.error.issues[0])}.`,
        next: definition.description,
        data: { file: variable ?? key },
      });
    }
    fixed.set(key, { value, ...(variable === undefined ? {} : { variable }) });
  }
  return fixed;
}

/** Throws `invalid_input`. */
function fitting(key: SettingKey, value: unknown): unknown {
  const next = coerce(key, value);
  const result = (SETTINGS[key] as SettingDefinition).schema.safeParse(next);
  if (!result.success) throw unfit(key, value, result.error.issues[0]);
  return next;
}

function requireKey(key: string): SettingKey {
  if (isSettingKey(key)) return key;
  throw new WsError("invalid_input", {
    message: `There is no setting '${key}'.`,
    next: "See them all: ws config list. Credentials are env.NAME and files.DESTINATION.",
    data: { field: "key" },
  });
}

function unfit(key: SettingKey, value: unknown, issue: z.core.$ZodIssue | undefined): WsError {
  const { schema, description } = SETTINGS[key] as SettingDefinition;
  const shown = isSecret(key) ? "…" : shownOf(value);
  // Where the type is right, it alone would not say what is wrong.
  const typed = issue?.code === "invalid_type" || issue?.code === "invalid_value" || issue?.code === "invalid_union";
  const why = typed ? "" : `: it ${plainIssue(issue)}`;
  return new WsError("invalid_input", {
    message: `'${shown}' does not fit '${key}', which takes ${typeOf(schema).replaceAll("`", "")}${why}.`,
    next: description,
    data: { field: key },
  });
}

/** Somebody may have written a password into a URL. */
function shownOf(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.replace(/\/\/[^"\s]*@/g, "//***@").slice(0, 80);
}

function isSecret(key: SettingKey): boolean {
  return (SETTINGS[key] as SettingDefinition).secret === true;
}

function withValue(content: ConfigContent, [name = "", ...rest]: string[], value: unknown): ConfigContent {
  if (rest.length === 0) return { ...content, [name]: value };
  const inner = (content[name] ?? {}) as ConfigContent;
  return { ...content, [name]: withValue(inner, rest, value) };
}

function withoutValue(content: ConfigContent, [name = "", ...rest]: string[]): ConfigContent {
  const { [name]: inner, ...others } = content;
  if (rest.length === 0 || inner === undefined) return others;
  return { ...others, [name]: withoutValue(inner as ConfigContent, rest) };
}
