import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { integrityOf } from "./integrity.ts";
import type { CreateProvider, Log, ProviderHost, WorkspaceProvider } from "@ws/workspace-core";

/** A provider's package, or what kept it from being used. */
export type Loaded = { from: string; integrity?: string; locked: boolean } & (
  | { provider: WorkspaceProvider }
  | { problem: string }
);

/**
 * Loads the packages that the worker's own configuration names, from `node_modules` beside it and nowhere else: what lies in
 * a repository or above the directory is never a provider. One that is named with a hash is used only as long as it is what the hash says. One that
 * cannot be used keeps no other from it.
 */
export async function loadProviders(
  packages: readonly string[],
  { configDirectory, host, log }: { configDirectory: string; host: ProviderHost; log: Log },
): Promise<Loaded[]> {
  const loaded: Loaded[] = [];
  for (const named of packages) {
    const [from = "", lock] = named.split("#");
    const about: { integrity?: string; locked: boolean } = { locked: lock !== undefined };
    try {
      const directory = installed(from, configDirectory);
      about.integrity = await integrityOf(directory, configDirectory).catch((error: unknown) => {
        // Who develops one has it as a link: that is theirs to do, but nothing to lock.
        if (lock !== undefined) throw error;
        return "";
      });
      if (lock !== undefined && about.integrity !== lock) throw new Error(changed(about.integrity));
      loaded.push({ from, ...shown(about), provider: await load(from, configDirectory, host) });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      log.error("a provider's package cannot be used", { package: from, error });
      loaded.push({ from, ...shown(about), problem });
    }
  }
  return loaded;
}

function shown({ integrity, locked }: { integrity?: string; locked: boolean }): {
  integrity?: string;
  locked: boolean;
} {
  return { locked, ...(integrity === undefined || integrity === "" ? {} : { integrity }) };
}

function changed(integrity: string): string {
  return `It is not what was locked in the setting 'providers': what is installed is ${integrity}. Look at what changed before you lock that.`;
}

function installed(name: string, configDirectory: string): string {
  const directory = join(configDirectory, "node_modules", name);
  if (existsSync(join(directory, "package.json"))) return directory;
  throw new Error(`It is not installed: npm install --prefix ${configDirectory} ${name}`);
}

async function load(name: string, configDirectory: string, host: ProviderHost): Promise<WorkspaceProvider> {
  // From within the package's own neighbourhood, so that nothing further up is ever looked at.
  const file = createRequire(join(configDirectory, "providers.js")).resolve(name);
  const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
  if (typeof module.default !== "function")
    throw new Error("Its default export is not a function that makes a provider.");
  const made: unknown = await (module.default as CreateProvider)(host);
  const isProvider = typeof made === "object" && made !== null && typeof (made as { name?: unknown }).name === "string";
  if (!isProvider || HOOKS.some((hook) => typeof (made as Record<string, unknown>)[hook] !== "function")) {
    throw new Error("What it makes is no provider; 'defineProvider' of @ws/workspace-core makes one of some hooks.");
  }
  return made as WorkspaceProvider;
}

const HOOKS: readonly Exclude<keyof WorkspaceProvider, "name">[] = [
  "getWorkflowMetadata",
  "detectWorkflowType",
  "getChangeLabel",
  "getWorkspaceName",
  "resolveRef",
  "setupWorkflow",
  "getWorkspaceDirectory",
  "submit",
  "prepareMail",
  "extractChangeIdentifier",
  "supportsReviewerComments",
  "generateReviewerComments",
  "generateSubmittedCheck",
  "formatCommitDescription",
];
