import type { LeaseInfo } from "@ws/rpc-contract";
import { type Lease, WsError } from "@ws/workspace-core";
import { checkoutOf, contextOf } from "../providers/resolve.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

export function leasesRouter(guard: Guarded, { providers, leases }: Services) {
  const os = guard.leases;
  return os.router({
    list: os.list.handler(async ({ input }) => (await leases()).list(input?.project).map(show)),
    acquire: os.acquire.handler(async ({ input, context: { caller }, signal }) => {
      const { reference, cwd, holder = caller?.who ?? "local", wait = false, profile } = input;
      const registry = await providers.registry();
      const resolved = await registry.resolveRef(reference, contextOf(caller, { cwd, signal, mayCreate: true }));
      const { projectName: project, cloneUrl } = resolved;
      if (!resolved.allocates || cloneUrl === undefined) throw notNumbered(reference);
      const limit = providers.projects.find(project)?.maxWorkspaces;
      const checkout = checkoutOf(resolved);
      const held = await leases();
      const { environment, ...lease } = await held.acquire({
        project,
        holder,
        cloneUrl,
        wait,
        environment: (workspace) => registry.setupWorkflow(resolved, workspace, {}),
        ...(profile === undefined ? {} : { profile }),
        ...(checkout === undefined ? {} : { checkout }),
        ...(limit === undefined ? {} : { limit }),
        ...(signal === undefined ? {} : { signal }),
      });
      return { ...show(held.handOver(lease, holder)), environment };
    }),
    release: os.release.handler(async ({ input }) => (await leases()).releaseById(input.lease)),
  });
}

function show({ createdAt, updatedAt: _at, workspaceId: _id, ...lease }: Lease): LeaseInfo {
  return { ...lease, since: new Date(createdAt).toISOString() };
}

function notNumbered(reference: string): WsError<"reference_invalid"> {
  return new WsError("reference_invalid", {
    message: `'${reference.slice(0, 80)}' has no numbered workspaces: there is nothing to clone.`,
    next: "Use a repository, such as #git:NAME or #gh:org/repo.",
    data: { reference: reference.slice(0, 80) },
  });
}
