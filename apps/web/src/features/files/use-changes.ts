import { useQueryClient } from "@tanstack/react-query";
import { useWorkspaceChanges } from "../../changes/changes-context.tsx";
import { foldersAbove, parentOf } from "../../file-paths.ts";
import type { Tree } from "./tree.ts";
import { FILE } from "./use-file.ts";

/** The tree and the open file follow what is changed elsewhere, by a program in the workspace or another window. */
export function useFileChanges(name: string, tree: Tree, shown: boolean): void {
  const queryClient = useQueryClient();
  useWorkspaceChanges(shown, async ({ all, git, paths }) => {
    // Of hidden entries it is only told that git may stand elsewhere.
    const anything = all || git;
    const isMeant = (path: string) => anything || [path, ...foldersAbove(path)].some((each) => paths.has(each));
    await Promise.all([
      tree.refresh(anything ? undefined : [...new Set([...paths].map(parentOf))]),
      queryClient.invalidateQueries({
        queryKey: [FILE, name],
        predicate: ({ queryKey: [, , path] }) => typeof path === "string" && isMeant(path),
      }),
    ]);
  });
}
