import { homedir } from "node:os";
import {
  createProjects,
  createProviderRegistry,
  type ChangeStore,
  type Clock,
  type Log,
  type Projects,
  type ProviderRegistry,
  type ProviderSummary,
} from "@ws/workspace-core";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { createProjectFiles } from "../projects/project-files.ts";
import type { Adapters } from "../runtimes/adapters.ts";
import type { ForgeCredentials } from "../runtimes/forge-credentials.ts";
import { type Loaded, loadProviders } from "./third-party.ts";

/** The worker's projects, and the providers of references to them. */
export interface Providers {
  readonly projects: Projects;
  /** A repository's URL as git is given it. Throws `invalid_clone_url`. */
  parseUrl(text: string): Promise<string>;
  /** What tells whether two URLs are spellings of one repository. */
  repositories(): Promise<ForgeCredentials["sameRepository"]>;
  /** Loaded when first asked for. */
  registry(): Promise<ProviderRegistry>;
  list(): Promise<ProviderListing[]>;
}

export interface ProviderListing extends ProviderSummary {
  /** `built-in`, or the package it came from. */
  source: string;
  /** The hash of a package's content, and whether the configuration holds it to one. */
  integrity?: string;
  locked?: boolean;
}

export interface ProvidersOptions {
  configDirectory: string;
  env: Readonly<Record<string, string | undefined>>;
  config: Config;
  changes: ChangeStore;
  adapters: Pick<Adapters, "providers" | "parseUrl">;
  forges: () => Promise<ForgeCredentials>;
  clock: Clock;
  log: Log;
}

export function createProviders(options: ProvidersOptions): Providers {
  const { configDirectory, env, config, changes, adapters, forges, clock, log } = options;
  const projects = createProjects({ store: createProjectFiles(join(configDirectory, "projects")), changes, clock });
  const host = { projects, log, home: env["HOME"] ?? homedir() };
  let loading: Promise<{ registry: ProviderRegistry; listings: () => ProviderListing[] }> | undefined;

  async function load(): Promise<{ registry: ProviderRegistry; listings: () => ProviderListing[] }> {
    const [own, builtIn] = await Promise.all([
      loadProviders(config.get("providers"), { configDirectory, host, log }),
      forges().then((credentials) => adapters.providers(host, credentials)),
    ]);
    const usable = own.flatMap((one) => ("provider" in one ? [one] : []));
    // Those of the configuration first: its owner may want one to answer before a built-in does.
    const providers = [...usable.map(({ provider }) => provider), ...builtIn];
    const disabled = disabledBy(config.get("disabledProviders"));
    const registry = createProviderRegistry({ providers, disabled, projects, log });
    warnOfUnknown(disabled, registry, log);
    const broken = own.flatMap((one) => ("problem" in one ? [one] : []));
    return {
      registry,
      listings: () => [
        ...registry.list().map((summary, at) => ({ ...summary, ...sourceOf(usable[at]) })),
        ...broken.map((one) => ({ name: one.from, enabled: false, problem: one.problem, ...sourceOf(one) })),
      ],
    };
  }

  const loaded = (): ReturnType<typeof load> =>
    (loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    }));
  return {
    projects,
    parseUrl: adapters.parseUrl,
    repositories: async () => (await forges()).sameRepository,
    registry: async () => (await loaded()).registry,
    list: async () => (await loaded()).listings(),
  };
}

function sourceOf(loaded: Loaded | undefined): Pick<ProviderListing, "source" | "integrity" | "locked"> {
  if (loaded === undefined) return { source: "built-in" };
  const { from, integrity, locked } = loaded;
  return { source: from, locked, ...(integrity === undefined ? {} : { integrity }) };
}

/** A list, or one word for all of them. */
function disabledBy(words: readonly string[]): "all" | readonly string[] {
  return words.some((word) => ["all", "1", "true", "yes"].includes(word.toLowerCase())) ? "all" : words;
}

function warnOfUnknown(disabled: "all" | readonly string[], registry: ProviderRegistry, log: Log): void {
  if (disabled === "all") return;
  const known = new Set(registry.list().flatMap(({ name, metadata }) => [name, metadata?.workflowType]));
  const unknown = disabled.filter((word) => !known.has(word));
  if (unknown.length > 0) log.warn("no provider has a name that is to be switched off", { unknown });
}
