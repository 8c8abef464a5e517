import { type Box, type Clock, isWsError, type Log, toWsError, type WorkspaceId, WsError } from "@ws/workspace-core";

import { throwIfAborted } from "./box/aborted.ts";
import { connectToPort, listenOnPort } from "./box/channels.ts";
import { connect, type Connection } from "./box/connect.ts";
import type { BoxContainer } from "./box/container.ts";
import { endGroup } from "./box/groups.ts";
import { generateKeyPair } from "./box/keys.ts";
import type { ProcessHost } from "./box/process-host.ts";
import { openPtyProcess } from "./box/pty.ts";
import { parseEnvironment } from "./box/quote.ts";
import { runProcess } from "./box/run.ts";
import { createSftp, type Sftp } from "./box/sftp.ts";
import { createSshFiles } from "./box/ssh-files.ts";
import { startOverSsh } from "./box/ssh-process.ts";

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
 * because bulk on the same connection slows every command down. Throws `SshdMissingError` where the image has no
 * sshd, else `box_unavailable`.
 */
export async function openSshBox(options: OpenBoxOptions): Promise<Box> {
  const { container, id, clock, log, signal } = options;
  const lifetime = new AbortController();
  const keys = generateKeyPair();
  const opening = AbortSignal.any([lifetime.signal, ...(signal === undefined ? [] : [signal])]);
  const [quick, environment] = await within(clock, OPEN_TIMEOUT_MS, opening, (limit) =>
    Promise.all([connect({ container, keys, log, signal: limit }), container.environment(limit)]),
  );
  const { user, base, boot } = quick.identity;
  const home = options.home ?? quick.identity.home;

  const gone = Promise.withResolvers<WsError>();
  let reason: WsError | undefined;
  const closedError = (): WsError => reason ?? boxClosed(id);
  const close = (why: WsError): void => {
    if (reason !== undefined) return;
    reason = why;
    lifetime.abort(why);
    quick.close();
    bulk?.then(
      (connection) => connection.close(),
      () => undefined,
    );
    gone.resolve(why);
  };
  const watch = (connection: Connection): void => {
    void connection.closed.then((error) => close(boxClosed(id, error)));
  };
  watch(quick);

  let bulk: Promise<Connection> | undefined;
  const openBulk = (): Promise<Connection> => {
    if (reason !== undefined) return Promise.reject(reason);
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
      throw reason ?? boxUnavailable(id, error);
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
    },
    groups: `${base}/groups.${boot}`,
    closedError,
    async start(code, raw) {
      if (reason !== undefined) throw reason;
      const connection = raw.bulk === true ? await openBulk() : quick;
      return startOverSsh(connection, code, raw, closedError);
    },
  };
  const quickSftp = createSftp(quick);
  let bulkSftp: Promise<Sftp> | undefined;

  return {
    id,
    user,
    home,
    missing: [],
    closed: gone.promise,
    repositoryDirectory: (name) => `${home}/${name}`,
    run: (argv, run) => runProcess(host, argv, run),
    openPty: (argv, pty) => openPtyProcess(host, argv, pty),
    files: createSshFiles({
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
      closedError: () => reason,
    }),
    connect: async (port, abort) => connectToPort(await openBulk(), port, closedError, abort),
    listen: async (accept) => listenOnPort(await openBulk(), accept, closedError),
    async endGroup(group, abort) {
      throwIfAborted(abort);
      await endGroup(host, group);
    },
    async [Symbol.asyncDispose]() {
      close(boxClosed(id));
      await quick.closed;
    },
  };
}

const OPEN_TIMEOUT_MS = 15_000;

/** Runs work under a signal that also fires when it takes too long: the engine may be silent rather than gone. */
async function within<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const done = new AbortController();
  const both = AbortSignal.any([signal, limit.signal]);
  clock.sleep(ms, done.signal).then(
    () => limit.abort(new Error(`no answer within ${ms} ms`)),
    () => undefined,
  );
  const stopped = new Promise<never>((_resolve, reject) => {
    const stop = (): void => reject(both.reason as Error);
    if (both.aborted) stop();
    both.addEventListener("abort", stop, { once: true });
  });
  stopped.catch(() => undefined);
  try {
    return await Promise.race([work(both), stopped]);
  } finally {
    done.abort();
  }
}

export function boxClosed(id: WorkspaceId, cause?: unknown): WsError<"box_closed"> {
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  return new WsError("box_closed", {
    message: `The channel into the workspace is closed${why}.`,
    next: "Try again; the agent opens another one.",
    data: { workspace: id },
    cause,
  });
}

export function boxUnavailable(id: WorkspaceId, cause: unknown): WsError {
  if (isWsError(cause)) return cause;
  const aborted = toWsError(cause);
  if (aborted.code === "aborted") return aborted;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new WsError("box_unavailable", {
    message: `The workspace could not be entered: ${message}`,
    data: { workspace: id },
    cause,
  });
}
