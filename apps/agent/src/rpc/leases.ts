import type { LeaseInfo } from "@ws/rpc-contract";
import type { Lease } from "@ws/workspace-core";
import { leaseMaterial } from "../leases/lease-material.ts";
import { contextOf } from "../providers/resolve.ts";
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
      const material = await leaseMaterial(providers, { reference, resolved, profile });
      const held = await leases();
      const { environment, ...lease } = await held.acquire({
        ...material,
        project: resolved.projectName,
        holder,
        wait,
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
