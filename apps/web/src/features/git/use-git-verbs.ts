import { ArrowDown, ArrowUp, GitBranch, Archive } from "lucide-react";
import { useVerbs } from "../../components/verbs/verbs-context.tsx";

interface GitActs {
  /** Why nothing goes to or comes from the remote now. */
  locked: string | undefined;
  pull: (rebase: boolean) => void;
  push: () => void;
  branch: () => void;
  /** Undefined where there is nothing to be stashed. */
  stash: (() => void) | undefined;
}

/** Offers in the command palette what goes between a repository and its remote, while it is on the screen. */
export function useGitVerbs(workspace: string, { locked, pull, push, branch, stash }: GitActs): void {
  useVerbs(() => {
    const given = {
      group: workspace,
      words: "git repository remote",
      ...(locked !== undefined && { disabled: locked }),
    };
    return [
      { ...given, id: "git.pull", label: "Pull", icon: ArrowDown, run: () => pull(false) },
      { ...given, id: "git.pull-rebase", label: "Pull, own commits on top", icon: ArrowDown, run: () => pull(true) },
      { ...given, id: "git.push", label: "Push", icon: ArrowUp, run: push },
      {
        id: "git.branch",
        label: "Switch or create a branch…",
        group: workspace,
        words: "git checkout",
        icon: GitBranch,
        run: branch,
      },
      ...(stash === undefined
        ? []
        : [{ ...given, id: "git.stash", label: "Stash changes…", icon: Archive, run: stash }]),
    ];
  });
}
