import type { Box, Log, Profile, Repository } from "@ws/workspace-core";
import { createGit, type GitOptions } from "../git.ts";
import { runToEnd } from "../run-git.ts";
import type { GitServer } from "./git-server.ts";
import { openStandInBox } from "./stand-in-box.ts";

const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
type Git = ReturnType<typeof createGit>;

/** Boxes whose git is led to a server, and what git says in them. */
export function attaching(server: () => GitServer) {
  const gits = new WeakMap<Box, Git>();
  const gitWith = (options: Partial<GitOptions> = {}): Git => createGit({ log, ca: [server().ca], ...options });
  const gitOf = (box: Box): Git => gits.get(box) ?? gitWith();

  function own(name: string): { url: string; name: string } {
    return { url: `${server().origin}/${name}.git`, name: name.split("/").at(-1) ?? name };
  }

  function workspaceOf(name: string, profile: Profile = "person"): { profile: Profile; repository: Repository } {
    return { profile, repository: own(name) };
  }

  return {
    gitWith,
    own,
    workspaceOf,
    /** That of the Box, where it was attached with settings of its own. */
    git: {
      clone: (...args: Parameters<Git["clone"]>) => gitOf(args[0]).clone(...args),
      attach: (...args: Parameters<Git["attach"]>) => gitOf(args[0]).attach(...args),
      identify: (...args: Parameters<Git["identify"]>) => gitOf(args[0]).identify(...args),
    },
    /** One that was made for the server's `o/r`. */
    async attached(options: Partial<GitOptions> = {}, profile: Profile = "person"): Promise<Box> {
      const box = await openStandInBox();
      const made = gitWith(options);
      gits.set(box, made);
      await made.attach(box, workspaceOf("o/r", profile));
      return box;
    },
    async inside(box: Box, ...argv: string[]): Promise<string> {
      const outcome = await runToEnd(box, ["git", ...argv], { cwd: `${box.home}/r` });
      if (outcome.code !== 0) throw new Error(outcome.stderr);
      return outcome.stdout.trim();
    },
    lsRemote: (box: Box, url: string): ReturnType<typeof runToEnd> =>
      runToEnd(box, ["git", "ls-remote", "--", url], { env: { GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" } }),
  };
}
