import type { InfoResponse } from "@ws/rpc-contract";
import { statusOf } from "@ws/workspace-core";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

export function infoProcedure(guard: Guarded, services: Services) {
  const started = services.clock.monotonic();
  const startedAt = new Date(services.clock.now()).toISOString();
  return guard.info.handler(async () => {
    const { runtime, isolation, version, remarks, available } = (await services.worker()).runtime();
    return {
      hostname: services.hostname,
      uptime: Math.round((services.clock.monotonic() - started) / 1_000),
      workspacesCount: services.state.workspaces.list().length,
      dockerVersion: runtime === "docker" ? version : "",
      terminalConnections: services.terminals.connections(),
      version: services.version,
      runtime,
      isolation,
      nestedDocker: runtime === "docker" && services.config.get("docker.nested"),
      remarks: [...remarks],
      engineAvailable: available,
      directory: services.directory,
      started: startedAt,
      address: services.dashboard(),
      ...pinOf(services.secured()),
      ...hubOf(services.hub()),
    };
  });
}

function pinOf(secured: ReturnType<Services["secured"]>): Pick<InfoResponse, "pin"> {
  return secured === undefined ? {} : { pin: secured.pin };
}

function hubOf(hub: ReturnType<Services["hub"]>): Pick<InfoResponse, "hub"> {
  if (hub === undefined) return {};
  const { url, name, state } = hub;
  const problem = "problem" in state ? { problem: state.problem } : {};
  return { hub: { url, name, state: state.kind, ...problem } };
}

export function doctorProcedure(guard: Guarded, services: Services) {
  return guard.doctor.handler(({ signal }) => services.doctor(signal));
}

export function auditRouter(guard: Guarded, services: Services) {
  const os = guard.audit;
  return os.router({
    list: os.list.handler(({ input: { limit = 100, since, ...only } = {} }) =>
      services.state.audit
        .list(limit, { ...only, since: since === undefined ? undefined : Date.parse(since) })
        .map((entry) => ({ ...entry, at: new Date(entry.at).toISOString() })),
    ),
  });
}

export function stateRouter(guard: Guarded, services: Services) {
  const os = guard.state;
  return os.router({
    export: os.export.handler(() => ({
      workspaces: Object.fromEntries(
        services.state.workspaces.list().map((record) => [
          record.name,
          {
            name: record.name,
            status: statusOf(record),
            containerId: record.handle ?? "",
            created: new Date(record.createdAt).toISOString(),
            ...(record.repository === undefined ? {} : { repo: record.repository.url }),
            ports: { ssh: 0 },
          },
        ]),
      ),
    })),
  });
}
