import { join } from "node:path";
import type { Clock } from "@ws/workspace-core";
import { finishRestore } from "./backup/finish-restore.ts";
import { removeLeftovers } from "./backup/leftovers.ts";
import { type Config, loadConfig } from "./config/config.ts";
import { makeDirectory, prepareDirectory } from "./config/directory.ts";
import { writeDefaults } from "./config/first-run.ts";
import { requireListenable } from "./listening/listening.ts";
import { createLog } from "./log/log.ts";
import type { Redactor } from "./log/redact.ts";
import { openRotatingFile } from "./log/rotating-file.ts";
import { createInsist } from "./store/insist.ts";
import { lockState } from "./store/lock.ts";
import { createReserve } from "./store/reserve.ts";
import { createSeal, keptKey } from "./store/seal.ts";
import { openState, type State } from "./store/store.ts";
import { withoutAbsent } from "./without-absent.ts";
import { surviveRejections } from "./system/survive.ts";

export interface DirectoryOptions {
  configDirectory: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Where a person reads what the agent says at its start. */
  write: (text: string) => void;
  /** Where log lines for people go; the process's stderr where absent. */
  writeLog?: (line: string) => void;
  port?: number;
  listen?: string;
  insecureListen?: boolean;
  /** What holds over the settings of TLS; the paths are absolute. */
  tls?: { mode?: string; cert?: string; key?: string; clientCa?: string };
  /** What holds over the settings of the hub. */
  hub?: { url?: string; name?: string; grant?: string };
}

export interface OpenDirectory {
  config: Config;
  state: State;
  log: ReturnType<typeof createLog>;
}

/**
 * What the agent keeps on this machine, made where it is the first start: the lock, the log, the settings and the state. The stack
 * closes them. Throws `state_locked`, `disk_full`, `config_invalid`, `unsafe_listen`, `port_taken`, `state_newer`, `state_corrupt`; then the state has the form it had.
 */
export async function openDirectory(
  options: DirectoryOptions,
  { stack, clock, redactor }: { stack: AsyncDisposableStack; clock: Clock; redactor: Redactor },
): Promise<OpenDirectory> {
  const { configDirectory: configDir, env } = options;
  makeDirectory(configDir);
  // Without an agent nothing would give space back, so a start may have of what is kept for that, too.
  const reserve = createReserve(configDir, clock);
  const insist = createInsist({ reserve });
  // By then the state's files have given back what only a running agent needs.
  stack.defer(reserve.retake);
  stack.use(insist(() => lockState(configDir)));
  finishRestore(configDir);
  removeLeftovers(configDir, clock.now());
  const file = stack.use(openRotatingFile(join(configDir, "agent.log")));
  const screen = { write: options.writeLog ?? ((line: string) => void process.stderr.write(line)) };
  let level = (): "info" => "info";
  const log = createLog({ level: () => level(), redactor, file, screen });
  stack.use(surviveRejections(log));
  prepareDirectory(configDir, log);
  const isFirst = writeDefaults(configDir, options.write);
  const overrides = {
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.listen === undefined ? {} : { host: options.listen }),
    ...(options.insecureListen === undefined ? {} : { insecureListen: options.insecureListen }),
    ...tlsOverrides(options.tls),
    ...hubOverrides(options.hub),
  };
  const config = loadConfig({ configDir, env, overrides, log, redactor });
  if (isFirst)
    options.write(`Starting agent on ${config.get("port") === 0 ? "a free port" : `port ${config.get("port")}`}...\n`);
  level = config.get.bind(config, "logLevel") as typeof level;
  // A program that cannot begin leaves the state as the former one knows it.
  await requireListenable(config, options.listen !== undefined);
  const seal = createSeal(...keptKey(config.secrets));
  const state = stack.use(insist(() => openState(configDir, { clock, log, redactor, reserve, seal })));
  return { config, state, log };
}

function tlsOverrides({ mode, cert, key, clientCa }: NonNullable<DirectoryOptions["tls"]> = {}) {
  return withoutAbsent({ "tls.mode": mode, "tls.cert": cert, "tls.key": key, "tls.clientCa": clientCa });
}

function hubOverrides({ url, name, grant }: NonNullable<DirectoryOptions["hub"]> = {}) {
  return {
    ...(url === undefined ? {} : { "hub.url": url }),
    ...(name === undefined ? {} : { "hub.name": name }),
    ...(grant === undefined ? {} : { "hub.grant": grant }),
  };
}
