import { resolve } from "node:path";
import type { CredentialService } from "@ws/credentials";
import { WsError, type Clock, type Forge, type Log } from "@ws/workspace-core";
import type { Identity } from "./system.ts";

export interface WorkspaceServiceConfig {
  /** Where workspaces lie, each a directory `ws-…`, and what is known of them; `./.workspaces` where absent. */
  workspacesDir?: string;
  /** The same as `workspacesDir`. */
  baseDir?: string;
  /** What all branches that are made begin with; `parallax` where absent. */
  branchPrefix?: string;
  /** Not used, which the log says: each workspace has its helper in itself, as `.parallax-credentials`. */
  credentialHelperDir?: string;
  /** Removes a workspace at the end of its time where nothing in it would be lost; on unless set. */
  autoCleanup?: boolean;
  /** How long a workspace lives; 3,600 where absent. Without `autoCleanup` it has no end. */
  workspaceTtlSeconds?: number;
  /** A GitHub App, where no credential service is given. The private key is PEM. */
  githubApp?: { appId: string | number; privateKey: string };
  /** A GitHub Enterprise server in place of github.com. */
  github?: { url: string; apiUrl?: string };
  /** Where pull requests live, in place of the GitHub that `github` names. */
  forges?: readonly Forge[];
  /** Certificates of authorities, as PEM, trusted beside the machine's own. */
  ca?: readonly string[];
  /** Lets workspaces reach forges at private addresses other than their own repository's. */
  allowPrivateAddresses?: boolean;
  /** In whose name commits are made; the GitHub App's, else that of the user's own git, where absent. */
  identity?: Identity;
  /** Variables of all workspaces' processes. */
  environment?: Readonly<Record<string, string>>;
  /** `auto` uses bubblewrap where it works, `bubblewrap` refuses to work without, `none` never uses it. */
  sandbox?: "auto" | "bubblewrap" | "none";
  /** Keeps the objects of repositories here, an absolute path outside `workspacesDir`, so that later clones are quick. */
  objectsDir?: string;
  clock?: Clock;
  fetch?: typeof globalThis.fetch;
}

/** What is used of a `CredentialService` of `@ws/credentials`. */
export type Credentials = Pick<CredentialService, "source" | "getProvider">;

export interface WorkspaceServiceOptions {
  config?: WorkspaceServiceConfig;
  credentialService?: Credentials | undefined;
  logger?: Log | undefined;
}

export interface Settings {
  config: WorkspaceServiceConfig;
  directory: string;
  autoCleanup: boolean;
  ttlMs: number | undefined;
}

const TTL_SECONDS = 3_600;
const OPTIONS: ReadonlySet<string> = new Set(["config", "credentialService", "logger"]);

/** The three arguments, or one object of them. */
export function readArguments(
  first: WorkspaceServiceConfig | WorkspaceServiceOptions,
  credentialService: Credentials | undefined,
  logger: Log | undefined,
): WorkspaceServiceOptions {
  const isOptions = Object.keys(first).every((key) => OPTIONS.has(key)) && Object.keys(first).length > 0;
  return isOptions
    ? (first as WorkspaceServiceOptions)
    : { config: first as WorkspaceServiceConfig, credentialService, logger };
}

/** Throws `config_invalid`, naming the setting. */
export function settingsOf(config: WorkspaceServiceConfig): Settings {
  const { workspacesDir, baseDir, autoCleanup = true, workspaceTtlSeconds = TTL_SECONDS } = config;
  if (workspacesDir !== undefined && baseDir !== undefined && workspacesDir !== baseDir) {
    throw invalid("baseDir", "workspacesDir and baseDir are the same setting, and have two values.");
  }
  if (!Number.isFinite(workspaceTtlSeconds) || workspaceTtlSeconds <= 0) {
    throw invalid("workspaceTtlSeconds", "workspaceTtlSeconds has to be a number above 0.");
  }
  return {
    config,
    directory: resolve(workspacesDir ?? baseDir ?? ".workspaces"),
    autoCleanup,
    ttlMs: autoCleanup ? Math.round(workspaceTtlSeconds * 1_000) : undefined,
  };
}

function invalid(setting: string, message: string): WsError<"config_invalid"> {
  return new WsError("config_invalid", { message, next: `Correct ${setting}.`, data: { file: setting } });
}
