import { type Box, type Clock, type Log, throwIfAborted, watchDirectory, type WorkspaceId } from "@ws/workspace-core";

import { boxClosed, boxUnavailable } from "./box/box-errors.ts";
import { connectToPort, listenOnPort } from "./box/channels.ts";
import { createConfinedFiles } from "./box/confined/confined-files.ts";
import { connect, type Connection } from "./box/connect.ts";
import type { BoxContainer } from "./box/container.ts";
import { endGroup } from "./box/groups.ts";
import { generateKeyPair } from "./box/keys.ts";
import { createLifetime } from "./box/lifetime.ts";
import { listenAt } from "./box/listen-at.ts";
import type { ProcessHost } from "./box/process-host.ts";
import { openPtyProcess } from "./box/pty.ts";
import { parseEnvironment } from "./box/quote.ts";
import { runProcess } from "./box/run.ts";
import { createSftp, type Sftp } from "./box/sftp.ts";
import { createSshFiles } from "./box/ssh-files.ts";
import { startOverSsh } from "./box/ssh-process.ts";
import { OPEN_TIMEOUT_MS, within } from "./box/within.ts";

export interface OpenBoxOptions {
  container: BoxContainer;
  id: WorkspaceId;
  /** Where the home lies, if not where the container's user has it. */
  home?: string;
  clock: Clock;
  log: Log;
  signal?: AbortSignal;
}

/**
 * A Box over two SSH connections: one for commands, and one for whatever moves much data, opened when first needed,
 * because bulk on the same connection slows every command down. Throws `SshdUnusableError` where no sshd runs in it.
 */
export async function openSshBox(options: OpenBoxOptions): Promise<Box> {
  const { container, id, clock, log, signal } = options;
  const lifetime = createLifetime(id);
  const { closedError } = lifetime;
  const keys = generateKeyPair();
  const opening = AbortSignal.any([lifetime.signal, ...(signal === undefined ? [] : [signal])]);
  const [quick, { environment, objects }] = await within(clock, OPEN_TIMEOUT_MS, opening, (limit) =>
    Promise.all([connect({ container, keys, log, signal: limit }), container.configuration(limit)]),
  );
  const { user, base, boot, shell } = quick.identity;
  const home = options.home ?? quick.identity.home;

  lifetime.signal.addEventListener("abort", () => {
    quick.close();
    bulk?.then(
      (connection) => connection.close(),
      () => undefined,
    );
  });
  const watch = (connection: Connection): void => {
    void connection.closed.then((error) => lifetime.end(boxClosed(id, error)));
  };
  watch(quick);

  let bulk: Promise<Connection> | undefined;
  const openBulk = (): Promise<Connection> => {
    if (lifetime.signal.aborted) return Promise.reject(closedError());
    if (bulk !== undefined) return bulk;
    const opened = within(clock, OPEN_TIMEOUT_MS, lifetime.signal, (limit) =>
      connect({ container, keys, log, signal: limit }),
    );
    bulk = opened;
    opened.then(watch, () => {
      // The next who needs it tries again.
      bulk = undefined;
    });
    return opened.catch((error: unknown) => {
      throw lifetime.reason() ?? boxUnavailable(id, error);
    });
  };

  const host: ProcessHost = {
    id,
    home,
    environment: {
      ...parseEnvironment(environment),
      HOME: home,
      USER: user,
      LOGNAME: user,
      ...(shell !== "" && { SHELL: shell }),
    },
    clock,
    groups: `${base}/groups.${boot}`,
    closedError,
    async start(code, raw) {
      lifetime.signal.throwIfAborted();
      const connection = raw.traffic === "bulk" ? await openBulk() : quick;
      return startOverSsh(connection, code, raw, { id, closedError });
    },
  };
  const quickSftp = createSftp(quick);
  let bulkSftp: Promise<Sftp> | undefined;

  const files = createSshFiles({
    quick: quickSftp,
    bulk: () => {
      bulkSftp ??= openBulk().then(createSftp);
      bulkSftp.catch(() => {
        bulkSftp = undefined;
      });
      return bulkSftp;
    },
    async removeTree(path, abort) {
      const removal = await runProcess(host, ["rm", "-rf", "--", path], abort === undefined ? {} : { signal: abort });
      return (await removal.exit).code === 0;
    },
    closedError: lifetime.reason,
  });

  return {
    id,
    user,
    home,
    missing: [],
    ...(objects === undefined ? {} : { objects }),
    closed: lifetime.closed,
    repositoryDirectory: (name) => `${home}/${name}`,
    run: (argv, run) => runProcess(host, argv, run),
    openPty: (argv, pty) => openPtyProcess(host, argv, pty),
    files,
    within: createConfinedFiles({ run: (argv, run) => runProcess(host, argv, run), clock }),
    watch: (directory, watch) =>
      watchDirectory({ run: (argv, run) => runProcess(host, argv, run), clock }, directory, watch),
    connect: async (port, abort) => connectToPort(await openBulk(), port, closedError, abort),
    listen: async (accept, { port } = {}) => listenOnPort(await openBulk(), accept, { port, closedError }),
    listenAt: async (path, accept) =>
      listenAt(await openBulk(), path, accept, { closedError, remove: () => files.remove(path) }),
    async endGroup(group, abort) {
      throwIfAborted(abort);
      await endGroup(host, group, { signal: abort });
    },
    async [Symbol.asyncDispose]() {
      lifetime.end(boxClosed(id));
      await quick.closed;
    },
  };
}
