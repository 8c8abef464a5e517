import { noConfinedFiles, watchDirectory, WsError, type Box, type BoxFeature, type Clock } from "@ws/workspace-core";
import { boxClosed } from "./box-errors.ts";
import type { User } from "./bubblewrap.ts";
import { createConfinedFiles } from "./confined/confined-files.ts";
import type { OpenReads } from "./confined/opened.ts";
import { createContainedFiles } from "./contained-files.ts";
import { createLocate, type Mount } from "./contained-path.ts";
import type { Entrance } from "./entrance.ts";
import type { Groups, IsInside } from "./groups.ts";
import { listenAt } from "./listen-at.ts";
import { connectToPort, listenOnPort } from "./loopback.ts";
import type { PlacePaths } from "./place.ts";
import { openPty, type PtyLibrary } from "./pty.ts";
import { runProcess, type ProcessHost } from "./run-process.ts";

export interface ProcessBoxOptions {
  paths: PlacePaths;
  objects: string | undefined;
  user: User;
  mounts: readonly Mount[];
  environment: Readonly<Record<string, string>>;
  entrance: Entrance & Partial<AsyncDisposable>;
  groups: Groups;
  clock: Clock;
  /** Absent where there is no build of it for this machine. */
  pty: PtyLibrary | undefined;
  /** Whether a process is in the sandbox, where there is one. */
  isInside: IsInside | undefined;
}

/** A Box over child processes of this one. Closing it ends its terminals; other processes live on and are found by their group. */
export function createProcessBox(options: ProcessBoxOptions): Box {
  const { paths, objects, user, mounts, environment, entrance, groups, clock, pty, isInside } = options;
  const { id, home } = paths;
  const closing = new AbortController();
  const closed = Promise.withResolvers<WsError>();
  const host: ProcessHost = { id, home, environment, entrance, groups, clock, isInside, closing: closing.signal };
  const linux = process.platform === "linux";
  const missing: BoxFeature[] = [];
  if (pty === undefined) missing.push("pty");
  if (!linux) missing.push("confined");
  const locate = createLocate(mounts);
  const reads: OpenReads = new Set();
  const failure = (): WsError | undefined => (closing.signal.aborted ? boxClosed(id) : undefined);
  const requireOpen = (): void => {
    if (closing.signal.aborted) throw boxClosed(id);
  };

  return {
    id,
    user: user.name,
    home,
    missing,
    ...(objects === undefined ? {} : { objects }),
    closed: closed.promise,
    repositoryDirectory: () => paths.workspace,
    run: (argv, run) => runProcess(host, argv, run),
    async openPty(argv, terminal) {
      if (pty !== undefined) return openPty(host, pty, argv, terminal);
      throw new WsError("box_feature_missing", {
        message: "There is no pseudo-terminal library for this machine.",
        data: { feature: "pty", missing },
      });
    },
    files: createContainedFiles(locate, failure),
    within: (directory) =>
      linux
        ? createConfinedFiles(directory, { locate, failure, open: reads })
        : noConfinedFiles("only Linux has descriptors of paths", missing),
    watch: (directory, watch) =>
      watchDirectory({ run: (argv, run) => runProcess(host, argv, run), clock }, directory, watch),
    connect: (port, signal) => connectToPort(host, port, signal),
    listen: (accept, { port } = {}) => listenOnPort(host, accept, port),
    listenAt: (path, accept) => listenAt(host, locate, path, accept),
    async endGroup(group, signal) {
      requireOpen();
      await groups.end(group, { graceMs: 2_000, clock, isInside, ...(signal === undefined ? {} : { signal }) });
    },
    async [Symbol.asyncDispose]() {
      if (closing.signal.aborted) return;
      closing.abort();
      closed.resolve(boxClosed(id));
      await Promise.all([...reads].map((file) => file.close()));
      await entrance[Symbol.asyncDispose]?.();
    },
  };
}
