import { basename } from "node:path";
import type { GivenFile, Identity, Log, Script, Setup, WorkspaceRecord } from "@ws/workspace-core";
import type { Redactor } from "../log/redact.ts";
import { expandHome } from "../paths.ts";
import type { Config } from "./config.ts";
import { readFileCredentials } from "./file-credentials.ts";
import { POST_START } from "./first-run.ts";
import { readScript } from "./read-script.ts";
import { secretsInFile } from "./secrets-in-file.ts";
import { selected } from "./selection.ts";

/** In whose name a workspace commits where the settings do not say. */
export type DefaultIdentity = (record: WorkspaceRecord) => Promise<{ name: string; email: string } | undefined>;

/** What the worker's configuration puts into every workspace. */
export function createSetup(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  log: Log,
  defaultIdentity: DefaultIdentity = async () => undefined,
  redactor?: Pick<Redactor, "add">,
): Setup {
  const scriptTimeoutMs = (): number => config.get("scripts.timeoutSeconds") * 1_000;
  return {
    environment: async ({ credentials }) => ({ ...selected(config.credentials.environment(), credentials) }),
    identity: (record) => identity(config, record, defaultIdentity),
    async files({ credentials }) {
      const once = new Set(config.credentials.givenOnce());
      const { files } = config.credentials.get();
      const given = Object.entries(selected(files, credentials)).map(async ([target, source]) => {
        const found = await readFileCredentials({ [target]: source }, env);
        // Before it is given: what runs there may print it.
        conceal(found, redactor);
        return once.has(target) ? found.map((file) => ({ ...file, once: true })) : found;
      });
      return (await Promise.all(given)).flat();
    },
    scriptTimeoutMs,
    async scripts() {
      const given = config.get("scripts.post_start");
      const failOnError = config.get("scripts.fail_on_error");
      const timeoutMs = scriptTimeoutMs();
      const scripts: Script[] = [];
      for (const source of typeof given === "string" ? [given] : given) {
        const path = expandHome(source, env);
        const read = await readScript(path);
        if (read === undefined || "problem" in read) {
          log.warn(read?.problem ?? "a script is not there", { path });
          // By its path, because that is what has to be put right.
          scripts.push({ name: path, failOnError, ...read });
          continue;
        }
        const name = uniqueName(basename(path), scripts);
        const { content } = read;
        // Updating tools can take a minute, and nobody asked for it yet.
        const background = content.toString() === POST_START;
        scripts.push({ name, content, failOnError, background, timeoutMs });
      }
      return scripts;
    },
  };
}

/**
 * Keeps out of the worker's texts what its files of credentials have, as they are now: workspaces that run were given them before.
 * What is wrong with those of which nothing could be read, in a sentence each.
 */
export async function concealFiles(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
  redactor: Pick<Redactor, "add">,
): Promise<string[]> {
  const problems = Object.entries(files).map(async ([target, source]) => {
    const found = await readFileCredentials({ [target]: source }, env);
    conceal(found, redactor);
    return found.every(({ content }) => content === undefined) ? found.flatMap(({ problem }) => problem ?? []) : [];
  });
  return (await Promise.all(problems)).flat();
}

function conceal(files: readonly GivenFile[], redactor: Pick<Redactor, "add"> | undefined): void {
  for (const { content } of files) {
    for (const secret of content === undefined ? [] : secretsInFile(content)) redactor?.add(secret);
  }
}

async function identity(config: Config, record: WorkspaceRecord, otherwise: DefaultIdentity): Promise<Identity> {
  const said = { name: config.get("git.name"), email: config.get("git.email") };
  // Half of one and half of another would be nobody; and what says it in the workspace itself must not be overridden.
  const isOpen = said.name === "" && said.email === "" && !isGivenGitConfig(config, record);
  const { name, email } = isOpen ? ((await otherwise(record)) ?? said) : said;
  return { ...(name === "" ? {} : { name }), ...(email === "" ? {} : { email }) };
}

function isGivenGitConfig(config: Config, { credentials }: WorkspaceRecord): boolean {
  const files = Object.keys(selected(config.credentials.get().files, credentials));
  return files.some((destination) => /(?:^|\/)\.(?:gitconfig|config\/git\/config)$/.test(destination));
}

function uniqueName(wanted: string, taken: readonly Script[]): string {
  const twins = taken.filter(({ name }) => name === wanted || name.endsWith(`-${wanted}`)).length;
  return twins === 0 ? wanted : `${twins + 1}-${wanted}`;
}
