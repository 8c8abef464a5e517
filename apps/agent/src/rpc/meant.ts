import { WsError, type Workspaces } from "@ws/workspace-core";

/**
 * The name, where it is still that of the workspace that is meant. To be given to the core at once: what was shown may be minutes
 * old, and by now the name another's, which nobody was asked about. Throws `workspace_not_found` and `workspace_mismatch`.
 */
export function meant(
  workspaces: Pick<Workspaces, "get">,
  { name, id }: { name: string; id?: string | undefined },
): string {
  if (id === undefined) return name;
  const named = workspaces.get(name);
  if (named.id === id) return name;
  throw new WsError("workspace_mismatch", {
    message: `'${name}' is another workspace now than the one that was meant.`,
    next: "Nothing was done to either. See what there is now, and ask again.",
    data: { name, existing: named.id, asked: id },
  });
}
