import { useGitPanel } from "../use-git.ts";
import { pathsOf, type Change } from "./changes.ts";

/** As many paths as one call takes. */
const MOST_PATHS = 10_000;

/** Brings changes to what the next commit takes, and back. */
export function useStaging() {
  const { name, busy, run } = useGitPanel();
  const move = (verb: "add" | "unstage", changes: readonly Change[]) => {
    const paths = changes.flatMap(pathsOf);
    const what = changes.length === 1 ? `'${changes[0]?.path ?? ""}'` : `${changes.length.toLocaleString()} files`;
    return run({
      key: "staging",
      failure: `${what} ${changes.length === 1 ? "was" : "were"} not ${verb === "add" ? "staged" : "unstaged"}`,
      work: async (git) => {
        for (let from = 0; from < paths.length; from += MOST_PATHS) {
          await git[verb]({ name, paths: paths.slice(from, from + MOST_PATHS) });
        }
      },
    });
  };
  return {
    busy: busy !== undefined,
    stage: (change: Change) => move("add", [change]),
    unstage: (change: Change) => move("unstage", [change]),
    stageAll: (changes: readonly Change[]) => move("add", changes),
    unstageAll: (changes: readonly Change[]) => move("unstage", changes),
  };
}
