import { type Box, type Clock, type Log, type WorkspaceId, WsError } from "@ws/workspace-core";

import type { Engine } from "./engine.ts";

export async function openContainer(options: {
  engine: Engine;
  container: string;
  id: WorkspaceId;
  clock: Clock;
  log: Log;
  signal?: AbortSignal;
}): Promise<Box> {
  throw new WsError("box_unavailable", {
    message: "The channel into containers is not built yet.",
    data: { workspace: options.id },
  });
}
