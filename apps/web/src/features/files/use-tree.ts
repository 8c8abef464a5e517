import { useEffect, useState, useSyncExternalStore } from "react";
import { useServices } from "../../services.ts";
import { createTree, type Tree, type TreeState } from "./tree.ts";

/** Asked for as many as the worker gives at once: of more, the tree says so. */
const MOST_ENTRIES = 100_000;

/** The tree of one workspace's files. It is listed again when the window comes back. */
export function useTree(name: string, shown: boolean): { tree: Tree; state: TreeState } {
  const { client } = useServices();
  const [tree] = useState(createTree);
  const state = useSyncExternalStore(tree.subscribe, tree.state);
  useEffect(() => {
    // It may be renamed while its files are shown.
    tree.listBy((path, signal) => client.files.list({ name, path, limit: MOST_ENTRIES }, { signal }));
    if (!shown) return undefined;
    const refresh = () => void tree.refresh();
    const followVisibility = () => document.visibilityState === "visible" && refresh();
    refresh();
    window.addEventListener("focus", refresh);
    document.addEventListener("visibilitychange", followVisibility);
    return () => {
      window.removeEventListener("focus", refresh);
      document.removeEventListener("visibilitychange", followVisibility);
    };
  }, [tree, client, shown, name]);
  useEffect(() => tree.stop, [tree]);
  return { tree, state };
}
