import type { Box, Clock } from "@ws/workspace-core";
import type { User } from "./bubblewrap.ts";
import type { Mount } from "./contained-path.ts";
import { openEntrance } from "./entrance.ts";
import { belongsTo, createGroups } from "./groups.ts";
import { isInside, PLACE_MARK } from "./holder.ts";
import type { Holder, PlacePaths } from "./place.ts";
import { createProcessBox } from "./process-box.ts";
import { loadPtyLibrary } from "./pty.ts";
import type { Sandbox } from "./sandbox.ts";
import { cleanEnvironment } from "./user.ts";

/** Opens a Box into a running place, through its sandbox where it was started in one. */
export async function openBox(options: {
  paths: PlacePaths;
  holder: Holder;
  sandbox: Sandbox | undefined;
  user: User;
  path: string | undefined;
  clock: Clock;
  /** A directory of the worker's that may be read, and in a sandbox only be read. */
  objects: string | undefined;
}): Promise<Box> {
  const { paths, holder, user, path, clock, objects } = options;
  // One that was started without a sandbox has no namespaces to enter; its next start gives it some.
  const sandbox = holder.namespace === undefined ? undefined : options.sandbox;
  const tmp = sandbox === undefined ? paths.tmp : "/tmp";
  const run = sandbox === undefined ? paths.run : "/run/ws";
  const mounts: Mount[] = [
    { inside: tmp, outside: paths.tmp },
    { inside: run, outside: paths.run },
    { inside: paths.workspace, outside: paths.workspace },
    { inside: paths.home, outside: paths.home },
  ];
  return createProcessBox({
    paths,
    objects,
    user,
    mounts,
    environment: cleanEnvironment({ paths, user, tmp, run, ...(path === undefined ? {} : { path }) }),
    entrance:
      sandbox === undefined ? openEntrance([PLACE_MARK, paths.state]) : sandbox.enter(paths, mounts, holder, objects),
    groups: createGroups(paths.groups, belongsTo(paths.state, holder)),
    clock,
    isInside: sandbox === undefined ? undefined : (pid) => isInside(holder, pid),
    pty: await loadPtyLibrary(),
  });
}
