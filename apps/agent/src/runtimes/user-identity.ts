import { execFile } from "node:child_process";
import type { Clock } from "@ws/workspace-core";
import type { Identity } from "./app-identity.ts";

/** What a person changes in a git configuration is seen after a while, and git is not asked at every process's start. */
const AGAIN_MS = 60_000;
const PATIENCE_MS = 3_000;

/** In whose name the worker's user commits, as git's configuration of that user says; undefined where it does not say all of it. */
export function createUserIdentity(options: {
  env: Readonly<Record<string, string | undefined>>;
  clock: Pick<Clock, "monotonic">;
}): () => Promise<Identity | undefined> {
  const { env, clock } = options;
  let known: { asked: number; answer: Promise<Identity | undefined> } | undefined;

  async function ask(): Promise<Identity | undefined> {
    const [name, email] = await Promise.all([get(env, "user.name"), get(env, "user.email")]);
    return name === "" || email === "" ? undefined : { name, email };
  }

  return () => {
    if (known === undefined || clock.monotonic() - known.asked >= AGAIN_MS) {
      known = { asked: clock.monotonic(), answer: ask() };
    }
    return known.answer;
  };
}

/** Empty where it is not set or cannot be asked for. */
function get(env: Readonly<Record<string, string | undefined>>, key: string): Promise<string> {
  const { HOME, XDG_CONFIG_HOME, PATH = "/usr/bin:/bin" } = env;
  if (HOME === undefined) return Promise.resolve("");
  return new Promise((resolve) => {
    // Of the user's own file only: no repository, and no variable of the agent's, has a say.
    execFile(
      "git",
      ["config", "--global", "--includes", "--get", key],
      {
        cwd: "/",
        env: { PATH, HOME, ...(XDG_CONFIG_HOME === undefined ? {} : { XDG_CONFIG_HOME }) },
        timeout: PATIENCE_MS,
      },
      (error, stdout) => resolve(error === null ? stdout.trim() : ""),
    );
  });
}
