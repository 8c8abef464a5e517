import { type Box, type BoxFeature, throwIfAborted, watchDirectory, WsError } from "@ws/workspace-core";

import { boxClosed } from "./box/box-errors.ts";
import { createConfinedFiles } from "./box/confined/confined-files.ts";
import { createExecFiles } from "./box/exec-files.ts";
import { startOverExec } from "./box/exec-process.ts";
import { endGroup, endLeader } from "./box/groups.ts";
import { openHolder } from "./box/holder.ts";
import type { ProcessHost } from "./box/process-host.ts";
import { openPtyProcess } from "./box/pty.ts";
import { parseEnvironment } from "./box/quote.ts";
import { createLifetime } from "./box/lifetime.ts";
import { runProcess } from "./box/run.ts";
import { OPEN_TIMEOUT_MS, within } from "./box/within.ts";
import type { OpenBoxOptions } from "./ssh-box.ts";

/** A Box over plain `docker exec`, for images without sshd: no ports, and every command takes some fifty milliseconds. */
export async function openExecBox(options: OpenBoxOptions): Promise<Box> {
  const { container, id, clock, signal } = options;
  const lifetime = createLifetime(id);
  const { closedError } = lifetime;
  const opening = AbortSignal.any([lifetime.signal, ...(signal === undefined ? [] : [signal])]);
  const [holder, { environment, objects }] = await within(clock, OPEN_TIMEOUT_MS, opening, (limit) =>
    Promise.all([openHolder({ container, clock, signal: limit }), container.configuration(limit)]),
  );
  const { user, base, boot } = holder.identity;
  const home = options.home ?? holder.identity.home;

  lifetime.signal.addEventListener("abort", () => holder.close());
  void holder.closed.then((error) => lifetime.end(boxClosed(id, error)));

  const way = { container, clock, lifetime: lifetime.signal, base, closedError };
  const host: ProcessHost = {
    id,
    home,
    environment: { ...parseEnvironment(environment), HOME: home, USER: user, LOGNAME: user },
    clock,
    groups: `${base}/groups.${boot}`,
    closedError,
    hangUp(pid, over) {
      terminals.add(pid);
      const forget = (): void => void terminals.delete(pid);
      over.then(forget, forget);
      return () => void endTerminal(pid);
    },
    async start(code, raw) {
      lifetime.signal.throwIfAborted();
      try {
        return await startOverExec(way, code, raw);
      } catch (error) {
        throw lifetime.reason() ?? error;
      }
    },
  };

  const terminals = new Set<number>();
  const endTerminal = (pid: number): Promise<void> => endLeader(host, pid, 200).catch(() => undefined);

  return {
    id,
    user,
    home,
    missing: MISSING,
    ...(objects === undefined ? {} : { objects }),
    closed: lifetime.closed,
    repositoryDirectory: (name) => `${home}/${name}`,
    run: (argv, run) => runProcess(host, argv, run),
    openPty: (argv, pty) => openPtyProcess(host, argv, pty),
    files: createExecFiles((argv, run) => runProcess(host, argv, run), clock),
    within: createConfinedFiles({ run: (argv, run) => runProcess(host, argv, run), clock }),
    watch: (directory, watch) =>
      watchDirectory({ run: (argv, run) => runProcess(host, argv, run), clock }, directory, watch),
    connect: async () => refuse("connect"),
    listen: async () => refuse("listen"),
    listenAt: async () => refuse("listen"),
    async endGroup(group, abort) {
      throwIfAborted(abort);
      await endGroup(host, group, { signal: abort });
    },
    async [Symbol.asyncDispose]() {
      // The engine lets the programs of a terminal that it lost live on.
      await Promise.all([...terminals].map(endTerminal));
      lifetime.end(boxClosed(id));
      await holder.closed;
    },
  };
}

const MISSING: readonly BoxFeature[] = ["connect", "listen"];

function refuse(feature: BoxFeature): never {
  throw new WsError("box_feature_missing", {
    message: "The ports of this workspace cannot be reached: its image has no SSH server.",
    next: "Use an image with openssh-server in it.",
    data: { feature, missing: MISSING },
  });
}
