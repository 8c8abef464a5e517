// An agent that is killed: starts runs in a place that is there, and says when it has something of each.
import { startDoomedRuns } from "@ws/workspace-core/testing";
import type { WorkspaceId } from "@ws/workspace-core";
import { createLocalRuntime } from "../index.ts";
import { realClock, silentLog } from "./subject.ts";

interface Orders {
  instance: string;
  directory: string;
  id: WorkspaceId;
  sandbox: "bubblewrap" | "none";
  ids: readonly string[];
  code: string;
}

const { id, ids, code, ...options } = JSON.parse(process.argv[2] ?? "") as Orders;
const box = await createLocalRuntime({ ...options, clock: realClock, log: silentLog }).open(id);
await startDoomedRuns(box, ids, code);
process.stdout.write("done\n");
await new Promise(() => setInterval(() => undefined, 60_000));
