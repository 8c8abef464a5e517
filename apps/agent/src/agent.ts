import { existsSync, rmSync } from "node:fs";
import { hostname as systemHostname } from "node:os";
import { join } from "node:path";
import { throwIfAborted, type RuntimeStatus } from "@ws/workspace-core";
import { bootWorker } from "./boot-worker.ts";
import { keepLeases } from "./leases/keep-leases.ts";
import { keepTasks } from "./tasks/keep-tasks.ts";
import { createSetup } from "./config/setup.ts";
import { createUserIdentity } from "./runtimes/user-identity.ts";
import { keepGiven } from "./credentials/keep-given.ts";
import { createWorkerCredentials } from "./credentials/worker-credentials.ts";
import { runDoctor } from "./doctor/checks.ts";
import { createAuthenticator } from "./access/authenticate.ts";
import { createSessions } from "./access/sessions.ts";
import { createThrottle } from "./access/throttle.ts";
import { greet } from "./listening/greet.ts";
import { createListening } from "./listening/listening.ts";
import { createRedactor } from "./log/redact.ts";
import { type DirectoryOptions, openDirectory } from "./open-directory.ts";
import { expandHome } from "./paths.ts";
import type { Services, Worker } from "./rpc/context.ts";
import { createProviders } from "./providers/providers.ts";
import { createReachable } from "./providers/reachable.ts";
import { githubHost } from "./runtimes/githubs.ts";
import { createReport } from "./rpc/report.ts";
import { createAdapters, type AdapterOptions, type Adapters } from "./runtimes/adapters.ts";
import type { ImageNews } from "./runtimes/prepare.ts";
import { createServing } from "./serving.ts";
import { shutDown } from "./shutdown.ts";
import { createCounts } from "./metrics/counts.ts";
import { takeUp } from "./take-up.ts";
import { createToolServers } from "./tool-servers/tool-servers.ts";
import { createStreams } from "./streams.ts";
import { createSystemClock } from "./system/clock.ts";
import { createDisk } from "./system/disk.ts";
import { ownStatus } from "./uplink/own-status.ts";
import { createTailnet } from "./tailnet/tailnet.ts";
import { createUplink, hubToken } from "./uplink/uplink.ts";
import { findShipped, readVersion } from "./system/version.ts";

export interface AgentOptions extends DirectoryOptions {
  /** `askToken` is asked where the settings have no token for the hub. */
  hub?: DirectoryOptions["hub"] & { askToken?: () => Promise<string> };
  /** Is told how far the image of workspaces is, where one has to be made; log lines say so where absent. */
  onImage?: (news: ImageNews) => void;
  /** Whether to open the dashboard in this machine's browser. */
  open?: boolean;
  /** Ends the start while it is under way; what has started is ended by `close`. */
  signal?: AbortSignal;
  /** How the command line is called from here. */
  command?: string;
  webDirectory?: string;
  /** Other adapters than the real ones. */
  adapters?: (options: AdapterOptions) => Adapters;
}

export interface Agent extends AsyncDisposable {
  /** `http://127.0.0.1:7391` */
  readonly url: string;
  readonly port: number;
  /** The socket of this machine's own user. */
  readonly socket: string;
  /** Resolves once the records are true; changes wait for it, what only reads does not. */
  readonly reconciled: Promise<void>;
  /** Ends within two seconds; workspaces and their terminals go on. */
  close(): Promise<void>;
}

/**
 * Starts the agent: lock, state, listen, then the runtime. Resolves when it is healthy and its runtime is chosen.
 * Throws `aborted`, `state_locked`, `disk_full`, `config_invalid`, `state_newer`, `state_corrupt`, `port_taken`, `unsafe_listen`.
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { configDirectory: configDir, env } = options;
  await using stack = new AsyncDisposableStack();
  const clock = createSystemClock();
  const redactor = createRedactor();
  const closing = new AbortController();
  const giveUp = (): void => closing.abort(options.signal?.reason);
  throwIfAborted(options.signal);
  options.signal?.addEventListener("abort", giveUp, { once: true });

  const { config, state, log } = openDirectory(options, { stack, clock, redactor });

  const byOption = options.listen !== undefined;
  const hostname = systemHostname();
  const tailnet = createTailnet({ config, state, clock, log, closing: closing.signal });
  const listening = createListening({ config, configDirectory: configDir, byOption, hostname, tailnet, clock, log });
  const version = readVersion();
  const workspacesDirectory = expandHome(config.get("workspacesDir") || join(configDir, "workspaces"), env);
  const running: { workspaces?: Worker["workspaces"]; runtime?: Worker["runtime"]; tasks?: AsyncDisposable } = {};
  const disk = createDisk(() => [configDir, workspacesDirectory, ...dataDirectory(running.runtime?.())]);
  const throttle = createThrottle(clock);
  const sessions = createSessions({ tokens: state.tokens, clock, closing: closing.signal });
  const authenticator = createAuthenticator({ tokens: state.tokens, sessions, throttle, redactor });
  const worker = Promise.withResolvers<Worker>();
  const reconciled = Promise.withResolvers<void>();
  for (const { promise } of [worker, reconciled]) promise.catch(() => undefined);
  const ready = async (): Promise<Worker> => {
    await reconciled.promise;
    return worker.promise;
  };
  const hostKey: Services["hostKey"] = async () => (await import("./ssh/host-key.ts")).loadHostKey(configDir);
  const streams = createStreams({
    hostKey,
    authenticator,
    sessions,
    state,
    report: createReport({ log, redactor }),
    workspaces: async () => (await ready()).workspaces,
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
    createWorkerCredentials({ config, forges: loaded, workspaces: state.workspaces, clock }),
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
  const leases = keepLeases({
    store: state.leases,
    workspaces: async () => (await ready()).workspaces,
    clock,
    log,
    signal: closing.signal,
  });
  const toolServers = createToolServers({
    config,
    audit: state.audit,
    clock,
    log,
    version,
    closing: closing.signal,
  });
  const queue = keepTasks({
    state,
    toolServers,
    leases,
    providers,
    workspaces: async () => (await ready()).workspaces,
    config,
    clock,
    log,
    signal: closing.signal,
  });
  const uplink = createUplink({
    config,
    token: await hubToken(config, options.hub?.askToken),
    state,
    version,
    clock,
    random: Math.random,
    log,
    closing: closing.signal,
  });
  redactor.add(uplink.hub?.token ?? "");
  const services: Services = {
    version,
    hostname,
    directory: workspacesDirectory,
    clock,
    log,
    redactor,
    config,
    credentials: () => credentials,
    counts: createCounts(),
    given: keepGiven({
      workspaces: async () => (await ready()).workspaces,
      config,
      env,
      clock,
      log,
      signal: closing.signal,
    }),
    state,
    hostKey,
    worker: () => worker.promise,
    ready,
    terminals: streams,
    providers,
    reachable: createReachable({
      forges: adapters.forges,
      credentials: () => forges,
      host: () => githubHost(config),
    }),
    leases,
    tasks: queue.tasks,
    toolServers,
    secured: listening.secured,
    dashboard: listening.address,
    sessions,
    throttle,
    tailnet,
    links: uplink.links,
    hub: uplink.state,
    doctor: (signal) =>
      runDoctor(
        { configDir, exposure: listening.exposure, disk, state, worker: services.worker, hub: uplink.state },
        signal,
      ),
    closing: closing.signal,
  };

  const webDirectory = options.webDirectory ?? findShipped("web", "../web/dist");
  const { server, procedures } = createServing({ services, authenticator, listening, streams, uplink, webDirectory });
  const tcp = server("tcp");
  const unix = server("unix");
  stack.defer(() => shutDown({ closing, servers: [tcp, unix], further: tailnet.servers, streams, running, log }));
  await listening.start({ tcp, unix });
  const { port, socket } = listening;
  stack.defer(() => rmSync(socket, { force: true }));
  if (uplink.hub !== undefined) {
    const status = () => ownStatus({ hostname, version, state, runtime: running.runtime?.() });
    const linked = uplink.dialOut(server("uplink"), uplink.hub, status);
    void linked.catch((error: unknown) => log.error("the link to the hub could not be kept", { error }));
  }
  log.info("listening", { address: services.dashboard(), socket });
  void procedures().catch((error: unknown) => log.error("the procedures could not be loaded", { error }));

  const userIdentity = createUserIdentity({ env, clock });
  const setup = createSetup(
    config,
    env,
    log,
    async (record) => (await (await forges).identity(record)) ?? (await userIdentity()),
  );
  const setting = config.get("runtime");
  try {
    worker.resolve(
      await bootWorker({
        adapters,
        credentials: stack.use(await forges),
        setting,
        state,
        config,
        ...(options.onImage === undefined ? {} : { onImage: options.onImage }),
        setup,
        disk,
        clock,
        log,
        redactor,
        signal: closing.signal,
      }),
    );
  } catch (error) {
    worker.reject(error);
    throw error;
  }
  const { workspaces, runtime } = await worker.promise;
  Object.assign(running, { workspaces, runtime, tasks: queue });
  throwIfAborted(options.signal);
  options.signal?.removeEventListener("abort", giveUp);
  takeUp({ workspaces, reconciled, leases, tasks: queue.tasks, log, closing: closing.signal });

  const { command, write, open: opens = false } = options;
  stack.use(greet({ services, directory: configDir, env, runtime: runtime(), command, write, open: opens }));

  const open = stack.move();
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= open.disposeAsync());
  return {
    url: services.dashboard(),
    port,
    socket,
    reconciled: reconciled.promise,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** An engine in a virtual machine names a directory that is not on this one. */
function dataDirectory(status: RuntimeStatus | undefined): string[] {
  return status?.dataDirectory !== undefined && existsSync(status.dataDirectory) ? [status.dataDirectory] : [];
}
