import { existsSync } from "node:fs";
import { hostname as systemHostname } from "node:os";
import { join } from "node:path";
import type { Clock, Disk, RuntimeStatus } from "@ws/workspace-core";
import { createAuthenticator, type Authenticator } from "./access/authenticate.ts";
import { createSessions } from "./access/sessions.ts";
import { createThrottle } from "./access/throttle.ts";
import { createScriptFiles } from "./config/script-files.ts";
import { keepGiven } from "./credentials/keep-given.ts";
import { createWorkerCredentials } from "./credentials/worker-credentials.ts";
import { runDoctor } from "./doctor/checks.ts";
import { systemSurroundings } from "./doctor/surroundings.ts";
import { keepLeases } from "./leases/keep-leases.ts";
import { createListening, type Listening } from "./listening/listening.ts";
import type { Redactor } from "./log/redact.ts";
import { createCounts } from "./metrics/counts.ts";
import { keepNotifications } from "./notifications/keep-notifications.ts";
import type { DirectoryOptions, OpenDirectory } from "./open-directory.ts";
import { expandHome } from "./paths.ts";
import { createPreviews, type Previews } from "./previews/previews.ts";
import { createProviders } from "./providers/providers.ts";
import { keepPullRequests } from "./pull-requests/keep-pull-requests.ts";
import { createReachable } from "./providers/reachable.ts";
import type { Services, Worker } from "./rpc/context.ts";
import { createReport } from "./rpc/report.ts";
import { createAdapters, type AdapterOptions, type Adapters } from "./runtimes/adapters.ts";
import type { ForgeCredentials } from "./runtimes/forge-credentials.ts";
import { githubHost } from "./runtimes/githubs.ts";
import { createCrowd } from "./ssh/crowd.ts";
import { createLentAgents } from "./ssh/lent.ts";
import { keepSshPorts } from "./ssh/ports.ts";
import { createStreams, type Streams } from "./streams.ts";
import { createDisk } from "./system/disk.ts";
import { findShipped, readVersion } from "./system/version.ts";
import { createTailnet, type Tailnet } from "./tailnet/tailnet.ts";
import { keepTasks } from "./tasks/keep-tasks.ts";
import { keepUsage } from "./token-usage/keep-usage.ts";
import { createToolServers } from "./tool-servers/tool-servers.ts";
import { keepUsageHistory } from "./usage-history/keep-usage-history.ts";
import { createUplink, hubToken, type Uplink } from "./uplink/uplink.ts";

export interface ServicesOptions extends DirectoryOptions {
  /** `askToken` is asked where the settings have no token for the hub. */
  hub?: DirectoryOptions["hub"] & { askToken?: () => Promise<string> };
  /** Other adapters than the real ones. */
  adapters?: (options: AdapterOptions) => Adapters;
}

/** What the agent has of its directory and of this machine when its parts are made. */
export interface Opened extends OpenDirectory {
  clock: Clock;
  redactor: Redactor;
  /** The agent's own end. */
  closing: AbortSignal;
}

/** What is not there yet while the parts are made that use it: the start fills it, they wait for it. */
export interface Awaited {
  worker: PromiseWithResolvers<Worker>;
  /** Resolves once the records are true. */
  reconciled: PromiseWithResolvers<void>;
  /** What runs and has to be ended; filled once the core does. */
  running: { workspaces?: Worker["workspaces"]; runtime?: Worker["runtime"]; tasks?: AsyncDisposable };
}

/** All that the agent is made of, wired together; nothing listens yet and no engine was asked. */
export interface Parts {
  services: Services;
  authenticator: Authenticator;
  listening: Listening;
  tailnet: Tailnet;
  streams: Streams;
  previews: Previews;
  uplink: Uplink;
  adapters: Adapters;
  forges: Promise<ForgeCredentials>;
  disk: Disk;
  leases: ReturnType<typeof keepLeases>;
  queue: ReturnType<typeof keepTasks>;
}

/** A start that fails must not end the process by a promise that nobody waited for yet. */
export function awaited(): Awaited {
  const worker = Promise.withResolvers<Worker>();
  const reconciled = Promise.withResolvers<void>();
  for (const { promise } of [worker, reconciled]) promise.catch(() => undefined);
  return { worker, reconciled, running: {} };
}

/** Throws `config_invalid`, and what asking for the hub's token throws. Whatever it keeps going ends with `closing`. */
export async function createServices(
  options: ServicesOptions,
  { config, state, log, clock, redactor, closing }: Opened,
  { worker, reconciled, running }: Awaited,
): Promise<Parts> {
  const { configDirectory: configDir, env } = options;
  const hostname = systemHostname();
  const tailnet = createTailnet({ config, state, clock, log, closing });
  const listening = createListening({ config, configDirectory: configDir, hostname, tailnet, clock, log });
  const version = readVersion();
  const workspacesDirectory = expandHome(config.get("workspacesDir") || join(configDir, "workspaces"), env);
  const disk = createDisk(() => [configDir, workspacesDirectory, ...dataDirectory(running.runtime?.())]);
  const throttle = createThrottle(clock);
  const sessions = createSessions({ tokens: state.tokens, clock, closing });
  const authenticator = createAuthenticator({ tokens: state.tokens, sessions, throttle, redactor });
  const ready = async (): Promise<Worker> => {
    await reconciled.promise;
    return worker.promise;
  };
  const report = createReport({ log, redactor });
  const workspaces = async (): Promise<Worker["workspaces"]> => (await ready()).workspaces;
  const previews = createPreviews({
    domain: () => config.get("previews.domain"),
    dashboard: listening.address,
    isPrivate: listening.isPrivate,
    workspaces,
    state,
    sessions,
    throttle,
    report,
    clock,
    closing,
  });
  const hostKey: Services["hostKey"] = async () => (await import("./ssh/host-key.ts")).loadHostKey(configDir);
  const crowd = createCrowd();
  const lent = createLentAgents();
  const sshPorts = keepSshPorts({
    workspaces,
    state,
    sessions,
    throttle,
    crowd,
    lent,
    hostKey,
    report,
    redactor,
    clock,
    log,
    closing,
  });
  const streams = createStreams({
    hostKey,
    crowd,
    lent,
    authenticator,
    sessions,
    state,
    report,
    workspaces,
    redactor,
    clock,
    log,
  });
  const adapterOptions: AdapterOptions = {
    instance: state.meta.instance,
    configDirectory: configDir,
    imageDirectory: findShipped("docker", "../../docker"),
    workspacesDirectory,
    env,
    config,
    clock,
    log,
    bareRepository: (project) => providers.projects.find(project)?.bareRepoDir,
  };
  const adapters = (options.adapters ?? createAdapters)(adapterOptions);
  const forges = adapters.credentials({ env, config, grants: state.grants, redactor, clock, log });
  const credentials = forges.then((loaded) =>
    createWorkerCredentials({ config, forges: loaded, workspaces: state.workspaces, clock, closing }),
  );
  // It is waited for below.
  credentials.catch(() => undefined);
  const providers = createProviders({
    configDirectory: configDir,
    env,
    config,
    changes: state.changes,
    adapters,
    forges: () => forges,
    clock,
    log,
  });
  const leases = keepLeases({ store: state.leases, workspaces, clock, log, signal: closing });
  const toolServers = createToolServers({ config, audit: state.audit, clock, log, version, closing });
  const queue = keepTasks({
    state,
    toolServers,
    leases,
    providers,
    workspaces,
    config,
    clock,
    log,
    signal: closing,
  });
  const uplink = createUplink({
    config,
    token: await hubToken(config, options.hub?.askToken),
    state,
    version,
    clock,
    random: Math.random,
    log,
    closing,
  });
  redactor.add(uplink.hub?.token ?? "");
  const looked = {
    configDir,
    exposure: listening.exposure,
    disk,
    state,
    worker: () => worker.promise,
    hub: uplink.state,
    config,
    clock,
    surroundings: systemSurroundings({ config, env, log }),
  };
  const common = { workspaces, clock, log, closing };
  const services: Services = {
    version,
    hostname,
    directory: workspacesDirectory,
    clock,
    log,
    redactor,
    config,
    scripts: createScriptFiles(join(configDir, "scripts"), config, env),
    credentials: () => credentials,
    counts: createCounts(),
    given: keepGiven({
      workspaces,
      config,
      env,
      clock,
      log,
      signal: closing,
    }),
    state,
    hostKey,
    sshPorts,
    lent,
    worker: () => worker.promise,
    ready,
    terminals: streams,
    usageHistory: keepUsageHistory({ ...common, store: state.usageHistory }),
    pullRequests: keepPullRequests({ ...common, random: Math.random }),
    notifications: keepNotifications({
      ...common,
      tasks: queue.tasks,
      subscriptions: state.subscriptions,
      config,
      clean: redactor.clean,
      fetch,
    }),
    providers,
    reachable: createReachable({
      forges: adapters.forges,
      credentials: () => forges,
      host: () => githubHost(config),
    }),
    leases,
    tasks: queue.tasks,
    toolServers,
    usage: keepUsage({ state, workspaces, tasks: queue.tasks, clock, log, signal: closing }),
    secured: listening.secured,
    dashboard: listening.address,
    sessions,
    previews,
    throttle,
    tailnet,
    links: uplink.links,
    hub: uplink.state,
    doctor: (signal) => runDoctor(looked, signal),
    closing,
  };
  return {
    services,
    authenticator,
    listening,
    tailnet,
    streams,
    previews,
    uplink,
    adapters,
    forges,
    disk,
    leases,
    queue,
  };
}

/** An engine in a virtual machine names a directory that is not on this one. */
function dataDirectory(status: RuntimeStatus | undefined): string[] {
  return status?.dataDirectory !== undefined && existsSync(status.dataDirectory) ? [status.dataDirectory] : [];
}
