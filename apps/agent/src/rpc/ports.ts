import type { NamedPort, WorkspacePort, Workspaces } from "@ws/workspace-core";
import type { WorkspacePort as ToldPort } from "@ws/rpc-contract";
import { LOCAL_ADMIN } from "../access/caller.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

export function portsRouter(guard: Guarded, { ready }: Services) {
  const os = guard.ports;
  const core = async (): Promise<Workspaces["ports"]> => (await ready()).workspaces.ports;
  return os.router({
    list: os.list.handler(async ({ input, signal }) => (await (await core()).list(input.name, signal)).map(told)),
    set: os.set.handler(async ({ input: { name, ports }, signal }) => {
      const all = await core();
      all.name(name, ports.map(kept));
      return (await all.list(name, signal)).map(told);
    }),
  });
}

export function previewsRouter(guard: Guarded, { previews, redactor }: Services) {
  const os = guard.previews;
  return os.router({
    open: os.open.handler(async ({ input: { name, port }, context: { caller = LOCAL_ADMIN, host, pin } }) => {
      const opened = await previews.open(caller, { workspace: name, port }, { host, secure: pin !== "" });
      redactor.add(opened.code);
      return { url: opened.url, expires: new Date(opened.expiresAt).toISOString() };
    }),
  });
}

/** The procedures of `workspaces` that say the same. */
export function portForwardProcedures(guard: Guarded, { ready }: Services) {
  const os = guard.workspaces;
  const core = async (): Promise<Workspaces["ports"]> => (await ready()).workspaces.ports;
  return {
    getPortForwards: os.getPortForwards.handler(async ({ input: { name } }) => ({
      forwards: (await core()).named(name).map(asForward),
    })),
    setPortForwards: os.setPortForwards.handler(async ({ input: { name, forwards } }) => {
      const ports = await core();
      const labels = new Map(ports.named(name).map(({ port, label }) => [port, label]));
      const named = forwards.map(({ host, container }) => ({
        port: container,
        label: labels.get(container) ?? `port-${container}`,
        local: host,
      }));
      return { forwards: ports.name(name, named).map(asForward) };
    }),
  };
}

function told({ addresses, ...port }: WorkspacePort): ToldPort {
  return { ...port, ...(addresses === undefined ? {} : { addresses: [...addresses] }) };
}

function kept({ port, label, local }: { port: number; label: string; local?: number | undefined }): NamedPort {
  return { port, label, ...(local === undefined ? {} : { local }) };
}

function asForward({ port, local = port }: NamedPort): { host: number; container: number } {
  return { host: local, container: port };
}
