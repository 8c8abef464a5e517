import { type CredentialSource, type Grant, repositoryKeyOf, type WorkspaceId } from "@ws/workspace-core";

/** The live grant, or the last one that has ended: without it, git would be sent away in other words. */
export function rightTo(
  credentials: CredentialSource | undefined,
  workspace: WorkspaceId,
  key: string,
): { grant?: Grant; had?: Grant } {
  const all = credentials?.list({ workspace, ended: true }).filter(({ url }) => repositoryKeyOf(url) === key) ?? [];
  for (const { url } of all) {
    const grant = credentials?.find(workspace, url);
    if (grant !== undefined) return { grant };
  }
  const had = all.at(-1);
  return had === undefined ? {} : { had };
}
