import { readFileSync } from "node:fs";
import { WsError } from "@ws/workspace-core";
import type { WorkspaceServiceConfig } from "./config.ts";

type Environment = Readonly<Record<string, string | undefined>>;
/** The first of the names that is set. */
type Ask = (name: keyof typeof NAMES) => { name: string; value: string } | undefined;

const NAMES = {
  directory: ["WS_WORKSPACES_DIR", "PARALLAX_WORKSPACES_DIR"],
  autoCleanup: ["WS_WORKSPACE_AUTO_CLEANUP", "PARALLAX_WORKSPACE_AUTO_CLEANUP"],
  ttl: ["WS_WORKSPACE_TTL_SECONDS", "PARALLAX_WORKSPACE_TTL_SECONDS"],
  appId: ["WS_GITHUB_APP_ID", "PARALLAX_GITHUB_APP_ID"],
  key: ["WS_GITHUB_PRIVATE_KEY", "PARALLAX_GITHUB_PRIVATE_KEY"],
  keyPath: ["WS_GITHUB_PRIVATE_KEY_PATH", "PARALLAX_GITHUB_PRIVATE_KEY_PATH"],
} as const;

/** What the environment says of a service's configuration. Throws `config_invalid`, naming the variable. */
export function configFromEnvironment(
  env: Environment,
  readFile: (path: string) => string = (path) => readFileSync(path, "utf8"),
): WorkspaceServiceConfig {
  const ask: Ask = (wanted) => {
    const name = NAMES[wanted].find((each) => (env[each] ?? "") !== "");
    return name === undefined ? undefined : { name, value: env[name] ?? "" };
  };
  const directory = ask("directory");
  const autoCleanup = ask("autoCleanup");
  const ttl = ask("ttl");
  const githubApp = readApp(ask, readFile);
  return {
    ...(directory === undefined ? {} : { workspacesDir: directory.value }),
    ...(autoCleanup === undefined ? {} : { autoCleanup: readBoolean(autoCleanup) }),
    ...(ttl === undefined ? {} : { workspaceTtlSeconds: readSeconds(ttl) }),
    ...(githubApp === undefined ? {} : { githubApp }),
  };
}

function readApp(ask: Ask, readFile: (path: string) => string): WorkspaceServiceConfig["githubApp"] {
  const appId = ask("appId");
  const key = ask("key");
  const path = ask("keyPath");
  if (appId === undefined && key === undefined && path === undefined) return undefined;
  if (appId === undefined) throw invalid(NAMES.appId[0], "A private key of a GitHub App is set, but not the app's id.");
  if (key !== undefined) return { appId: appId.value, privateKey: key.value };
  if (path === undefined) throw invalid(NAMES.keyPath[0], "The id of a GitHub App is set, but not its private key.");
  try {
    return { appId: appId.value, privateKey: readFile(path.value) };
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw invalid(path.name, `The private key ${path.value} cannot be read (${code}).`, error);
  }
}

function readBoolean({ name, value }: { name: string; value: string }): boolean {
  const word = value.toLowerCase();
  if (["true", "1", "yes", "on"].includes(word)) return true;
  if (["false", "0", "no", "off"].includes(word)) return false;
  throw invalid(name, `${name} has to be 'true' or 'false'.`);
}

function readSeconds({ name, value }: { name: string; value: string }): number {
  if (/^[1-9][0-9]{0,8}$/.test(value)) return Number(value);
  throw invalid(name, `${name} has to be a whole number of seconds above 0.`);
}

function invalid(name: string, message: string, cause?: unknown): WsError<"config_invalid"> {
  return new WsError("config_invalid", { message, next: `Correct ${name}.`, data: { file: name }, cause });
}
