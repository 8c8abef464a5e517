import { rmSync } from "node:fs";
import { type Log, throwIfAborted } from "@ws/workspace-core";
import { bootWorker } from "./boot-worker.ts";
import { concealFiles, createSetup } from "./config/setup.ts";
import { createUserIdentity } from "./runtimes/user-identity.ts";
import { greet } from "./listening/greet.ts";
import { createRedactor } from "./log/redact.ts";
import { openDirectory } from "./open-directory.ts";
import type { ImageNews } from "./runtimes/prepare.ts";
import { awaited, createServices, type ServicesOptions } from "./services.ts";
import { answersHealth } from "./service/answers-health.ts";
import { tellManager } from "./service/tell-manager.ts";
import { createServing } from "./serving.ts";
import { shutDown } from "./shutdown.ts";
import { takeUp } from "./take-up.ts";
import { createSystemClock } from "./system/clock.ts";
import { ownStatus } from "./uplink/own-status.ts";
import { findShipped } from "./system/version.ts";

export interface AgentOptions extends ServicesOptions {
  /** Is told how far the image of workspaces is, where one has to be made; log lines say so where absent. */
  onImage?: (news: ImageNews) => void;
  /** Whether `write` reaches a person alone, who may be told a link that lets in; true where absent. What keeps it, a journal or a pipe, may not. */
  writesPrivately?: boolean;
  /** Whether to open the dashboard in this machine's browser. */
  open?: boolean;
  /** Ends the start while it is under way; what has started is ended by `close`. */
  signal?: AbortSignal;
  /** How the command line is called from here. */
  command?: string;
  webDirectory?: string;
}

export interface Agent extends AsyncDisposable {
  /** `http://127.0.0.1:7391` */
  readonly url: string;
  readonly port: number;
  /** The socket of this machine's own user. */
  readonly socket: string;
  readonly log: Log;
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

  const { config, state, log } = await openDirectory(options, { stack, clock, redactor });

  const awaiting = awaited();
  const { worker, reconciled, running } = awaiting;
  const opened = { config, state, log, clock, redactor, closing: closing.signal };
  const parts = await createServices(options, opened, awaiting);
  const { services, listening, tailnet, streams, uplink, adapters, forges, disk, leases, queue } = parts;

  const webDirectory = options.webDirectory ?? findShipped("web", "../web/dist");
  const { server, procedures } = createServing({ ...parts, webDirectory });
  const tcp = server("tcp");
  const unix = server("unix");
  stack.defer(() => shutDown({ closing, servers: [tcp, unix], further: tailnet.servers, streams, running, log }));
  await listening.start({ tcp, unix });
  const { port, socket } = listening;
  stack.defer(() => rmSync(socket, { force: true }));
  if (uplink.hub !== undefined) {
    const { hostname, version } = services;
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
    redactor,
  );
  concealFiles(config.credentials.get().files ?? {}, env, redactor).catch((error: unknown) =>
    log.error("files to give could not be read", { error }),
  );
  const setting = config.get("runtime");
  try {
    worker.resolve(
      await bootWorker({
        adapters,
        credentials: stack.use(await forges),
        setting,
        now: (id) => ({ ssh: services.sshPorts.of(id), sshAgents: services.lent.of(id) }),
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

  const { command, write, writesPrivately: isPrivate = true, open: opens = false } = options;
  const to = { command, write, isPrivate, open: opens };
  stack.use(greet({ services, directory: configDir, env, runtime: runtime(), ...to }));
  const isWell = async (signal: AbortSignal) => uplink.isMoving() && (await answersHealth(socket, signal));
  tellManager({ env, pid: process.pid, isWell, address: services.dashboard(), clock, log, signal: closing.signal });

  const open = stack.move();
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= open.disposeAsync());
  return {
    url: services.dashboard(),
    port,
    socket,
    log,
    reconciled: reconciled.promise,
    close,
    [Symbol.asyncDispose]: close,
  };
}
