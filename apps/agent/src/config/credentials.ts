import type { Setting } from "@ws/rpc-contract";
import { excerpt, WsError, type Log } from "@ws/workspace-core";
import { requireNoRotatingLogin, rotatingLogin } from "../credentials/presets.ts";
import { ENV_NAME, type ConfigFile } from "./config-file.ts";
import { STORED, type SecretStore } from "./secrets.ts";

export interface CredentialSet {
  env: Record<string, string>;
  files: Record<string, string>;
}

export interface Credentials {
  /** Moves secrets that stand in config.json into the secret store. */
  adopt(): void;
  /** Names, masked secrets and file sources. */
  get(): CredentialSet;
  /** Replaces the set; a value equal to what `get` returned keeps its secret. */
  update(next: CredentialSet): CredentialSet;
  /** The secrets themselves, for processes in workspaces; without those that git uses through the worker. */
  environment(): Record<string, string>;
  /** Of those that were given as variables, the tokens of forges, by name. */
  forgeTokens(): Record<string, string>;
  /** Which of those are variables in workspaces all the same. */
  exposed(): readonly string[];
  expose(name: string, on: boolean): void;
  /** Sets a file that each workspace is given once, a login, also where it rotates. */
  copyLogin(target: string, source: string): void;
  /** The destinations of those. */
  givenOnce(): readonly string[];
  settings(): Setting[];
  /** Undefined where the key is no credential's. */
  set(key: string, value: unknown): Setting | undefined;
  unset(key: string): Setting | undefined;
}

/** Variables by which tools know a token of GitHub. */
export const FORGE_TOKENS: readonly string[] = ["GITHUB_TOKEN", "GH_TOKEN"];

/** The worker's credentials: names and file sources in config.json, secrets in the secret store. */
export function createCredentials(file: ConfigFile, secrets: SecretStore, log: Log): Credentials {
  function names(): string[] {
    return Object.keys(file.read().credentials?.env ?? {});
  }

  function files(): Record<string, string> {
    return file.read().credentials?.files ?? {};
  }

  /** The secrets first: a crash in between leaves one secret in both places, never in none. */
  function save(env: Record<string, string>, sources: Record<string, string>): void {
    secrets.replace(env);
    const content = file.read();
    const placeholders = Object.fromEntries(Object.keys(env).map((name) => [name, STORED]));
    const once = givenOnce().filter((target) => Object.hasOwn(sources, target));
    file.write({
      ...content,
      credentials: {
        ...content.credentials,
        env: placeholders,
        files: sources,
        ...(once.length === 0 && content.credentials?.once === undefined ? {} : { once }),
      },
    });
  }

  function givenOnce(): readonly string[] {
    return file.read().credentials?.once ?? [];
  }

  function copyLogin(target: string, source: string): void {
    const { env } = current();
    update({ env, files: { ...files(), [target]: source } });
    const content = file.read();
    file.write({ ...content, credentials: { ...content.credentials, once: [...new Set([...givenOnce(), target])] } });
  }

  function adopt(): void {
    const found = Object.entries(file.read().credentials?.env ?? {}).filter(([, value]) => value !== STORED);
    if (found.length === 0) return;
    save({ ...environment(), ...Object.fromEntries(found) }, files());
    log.warn("secrets were moved from config.json into the secret store; '@stored' stands in their place", {
      names: found.map(([name]) => name),
    });
  }

  function exposed(): readonly string[] {
    return file.read().credentials?.expose ?? [];
  }

  function expose(name: string, on: boolean): void {
    if (!FORGE_TOKENS.includes(name)) throw notExposable(name);
    if (on) log.warn("a token of a forge can be read by everything that runs in a workspace", { name });
    const content = file.read();
    const others = exposed().filter((other) => other !== name);
    file.write({ ...content, credentials: { ...content.credentials, expose: on ? [...others, name] : others } });
  }

  function isBehindGit(name: string): boolean {
    return FORGE_TOKENS.includes(name) && !exposed().includes(name);
  }

  function environment(): Record<string, string> {
    return Object.fromEntries(
      names().flatMap((name) => {
        const secret = secrets.get(name);
        return secret === undefined ? [] : [[name, secret] as const];
      }),
    );
  }

  function current(): CredentialSet {
    adopt();
    return {
      env: Object.fromEntries(names().map((name) => [name, mask(secrets.get(name))])),
      files: files(),
    };
  }

  function update(next: CredentialSet): CredentialSet {
    const masked = current().env;
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries(next.env)) {
      if (!ENV_NAME.test(name)) throw notAName(name);
      const kept = value === masked[name] || value === STORED ? secrets.get(name) : undefined;
      env[name] = kept ?? value;
    }
    for (const [target, source] of Object.entries(next.files)) {
      const known = files()[target] === source || givenOnce().includes(target);
      if (known || rotatingLogin(source) === undefined) continue;
      log.warn("a login that is renewed as it is used is copied into workspaces; the copies will end one another", {
        source,
      });
    }
    save(env, next.files);
    return current();
  }

  return {
    adopt,
    get: current,
    update,
    environment() {
      adopt();
      return withoutKeys(environment(), isBehindGit);
    },
    forgeTokens() {
      adopt();
      return withoutKeys(environment(), (name) => !FORGE_TOKENS.includes(name));
    },
    exposed,
    expose,
    copyLogin,
    givenOnce,
    settings() {
      const { env, files: sources } = current();
      return [
        ...Object.entries(env).map(([name, value]) => asSetting(`env.${name}`, value)),
        ...Object.entries(sources).map(([target, source]) => asSetting(`files.${target}`, source)),
        ...exposed().map((name) => exposure(name, true)),
      ];
    },
    set(key, value) {
      const name = exposedBy(key);
      if (name !== undefined) {
        expose(name, value === true || value === "true");
        return exposure(name, exposed().includes(name));
      }
      const place = placeOf(key);
      if (place === undefined) return undefined;
      if (typeof value !== "string" || value === "") throw notAText(key);
      const now = current();
      if (place.kind === "files" && !givenOnce().includes(place.name)) requireNoRotatingLogin(place.name, value);
      const next = { ...now, [place.kind]: { ...now[place.kind], [place.name]: value } };
      return asSetting(key, update(next)[place.kind][place.name]);
    },
    unset(key) {
      const name = exposedBy(key);
      if (name !== undefined) {
        expose(name, false);
        return exposure(name, false);
      }
      const place = placeOf(key);
      if (place === undefined) return undefined;
      const now = current();
      const { [place.name]: _gone, ...rest } = now[place.kind];
      update({ ...now, [place.kind]: rest });
      return asSetting(key, undefined);
    },
  };
}

/** The last four characters, where that leaves enough unknown. */
export function mask(secret: string | undefined): string {
  if (secret === undefined) return "";
  return secret.length < 12 ? "…" : `…${secret.slice(-4)}`;
}

/** Everything after `env.` or `files.` is the name, dots included. */
function placeOf(key: string): { kind: "env" | "files"; name: string } | undefined {
  const found = /^(?:credentials\.)?(env|files)\.(.+)$/s.exec(key);
  if (found === null) return undefined;
  return { kind: found[1] as "env" | "files", name: found[2] as string };
}

function exposedBy(key: string): string | undefined {
  return /^(?:credentials\.)?expose\.(.+)$/s.exec(key)?.[1];
}

function exposure(name: string, value: boolean): Setting {
  const description = "Whether this token of a forge is a variable in every workspace.";
  const source = value ? "file" : "default";
  return { key: `expose.${name}`, value, default: false, description, source, restart: false };
}

function withoutKeys(values: Record<string, string>, isLeftOut: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !isLeftOut(name)));
}

function asSetting(key: string, value: string | undefined): Setting {
  const description = key.includes("env.") ? "Variable in every workspace." : "File copied into every workspace.";
  const source = value === undefined ? "default" : "file";
  return { key, value: value ?? null, default: null, description, source, restart: false };
}

function notAName(name: string): WsError {
  return new WsError("invalid_input", {
    message: `'${excerpt(name)}' cannot be the name of a variable.`,
    next: "Use letters, digits and underscores, beginning with a letter or an underscore.",
    data: { field: "env" },
  });
}

function notAText(key: string): WsError {
  return new WsError("invalid_input", {
    message: `'${key}' needs a text that is not empty.`,
    next: `Remove it with: ws config unset ${key}.`,
    data: { field: key },
  });
}

function notExposable(name: string): WsError {
  return new WsError("invalid_input", {
    message: `'${excerpt(name)}' is a variable in workspaces anyway, or nothing that could be one.`,
    next: `Those that can be exposed are ${FORGE_TOKENS.join(" and ")}.`,
    data: { field: "expose" },
  });
}
