// An agent that is killed: starts what its argument asks for in a place, says what, and waits for its end.
import { createLocalRuntime } from "../index.ts";
import { realClock, silentLog } from "./subject.ts";
import type { WorkspaceId } from "@ws/workspace-core";

interface Orders {
  instance: string;
  directory: string;
  id: WorkspaceId;
  sandbox: "bubblewrap" | "none";
  script: string;
}

const { id, script, ...options } = JSON.parse(process.argv[2] ?? "") as Orders;
const runtime = createLocalRuntime({ ...options, clock: realClock, log: silentLog });
await runtime.create({ id, name: "doomed", profile: "person", limits: {} });
await runtime.start({ id, name: "doomed", profile: "person", limits: {} });
const box = await runtime.open(id);
const started = await box.run(["sh", "-c", script], { group: "work" });
for await (const part of started.stdout) process.stdout.write(part);
await new Promise(() => undefined);
