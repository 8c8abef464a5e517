import type { RepositoryPlace } from "@ws/workspace-core";

/** The two names by which forges such as GitHub know a repository; undefined where the path has another depth. */
export function ownerAndName({ path }: RepositoryPlace): { owner: string; name: string } | undefined {
  const [owner, name, ...rest] = path.split("/");
  return owner === undefined || name === undefined || rest.length > 0 ? undefined : { owner, name };
}
