import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Log, Script, Setup } from "@ws/workspace-core";
import { expandHome } from "../paths.ts";
import type { Config } from "./config.ts";
import { readFileCredentials } from "./file-credentials.ts";
import { POST_START } from "./first-run.ts";
import { selected } from "./selection.ts";

/** What the worker's configuration puts into every workspace. */
export function createSetup(config: Config, env: Readonly<Record<string, string | undefined>>, log: Log): Setup {
  return {
    environment: async ({ credentials }) => ({
      ...identity(config),
      ...selected(config.credentials.environment(), credentials),
    }),
    files: async ({ credentials }) => readFileCredentials(selected(config.credentials.get().files, credentials), env),
    async scripts() {
      const given = config.get("scripts.post_start");
      const failOnError = config.get("scripts.fail_on_error");
      const scripts: Script[] = [];
      for (const source of typeof given === "string" ? [given] : given) {
        const path = expandHome(source, env);
        if ((await stat(path).catch(() => undefined))?.isFile() !== true) {
          log.warn("a script is not there", { path });
          // By its path, because that is what has to be put right.
          scripts.push({ name: path, failOnError });
          continue;
        }
        const name = uniqueName(basename(path), scripts);
        const content = await readFile(path);
        // Updating tools can take a minute, and nobody asked for it yet.
        const background = content.toString() === POST_START;
        scripts.push({ name, content, failOnError, background });
      }
      return scripts;
    },
  };
}

function identity(config: Config): Record<string, string> {
  const name = config.get("git.name");
  const email = config.get("git.email");
  return {
    ...(name === "" ? {} : { GIT_AUTHOR_NAME: name, GIT_COMMITTER_NAME: name }),
    ...(email === "" ? {} : { GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_EMAIL: email }),
  };
}

function uniqueName(wanted: string, taken: readonly Script[]): string {
  const twins = taken.filter(({ name }) => name === wanted || name.endsWith(`-${wanted}`)).length;
  return twins === 0 ? wanted : `${twins + 1}-${wanted}`;
}
