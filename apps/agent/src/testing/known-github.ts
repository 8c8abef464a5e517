import type { Forge } from "@ws/workspace-core";
import { createFakeForge, createManualClock } from "@ws/workspace-core/testing";

/** github.com as it is for tests: these repositories of `org`, in memory. */
export function knownGitHub(): Forge {
  const forge = createFakeForge({ clock: createManualClock(), host: "github.com" });
  for (const name of ["app", "other", "tool"]) forge.add(`org/${name}`);
  return forge;
}
