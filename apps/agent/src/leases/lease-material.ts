import { excerpt, type LeaseMaterial, type Profile, type ResolvedRef, WsError } from "@ws/workspace-core";
import type { Providers } from "../providers/providers.ts";
import { checkoutOf } from "../providers/resolve.ts";

/** What a numbered workspace of what a reference led to is made of. Throws `reference_invalid` where there is nothing to clone. */
export async function leaseMaterial(
  providers: Pick<Providers, "registry" | "projects">,
  { reference, resolved, profile }: { reference: string; resolved: ResolvedRef; profile?: Profile | undefined },
): Promise<LeaseMaterial> {
  const registry = await providers.registry();
  const limit = providers.projects.find(resolved.projectName)?.maxWorkspaces;
  const checkout = checkoutOf(resolved);
  return {
    cloneUrl: requireNumbered(reference, resolved),
    environment: (workspace) => registry.setupWorkflow(resolved, workspace, {}),
    ...(profile === undefined ? {} : { profile }),
    ...(checkout === undefined ? {} : { checkout }),
    ...(limit === undefined ? {} : { limit }),
  };
}

/** What is cloned. Throws `reference_invalid` where numbered workspaces are not handed out for it. */
export function requireNumbered(reference: string, { allocates, cloneUrl }: ResolvedRef): string {
  if (allocates && cloneUrl !== undefined) return cloneUrl;
  throw new WsError("reference_invalid", {
    message: `'${excerpt(reference)}' has no numbered workspaces: there is nothing to clone.`,
    next: "Use a repository, such as #git:NAME or #gh:org/repo.",
    data: { reference: excerpt(reference) },
  });
}
