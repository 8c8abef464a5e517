import type { Engine } from "./engine.ts";
import { powerOff } from "./lifecycle.ts";
import type { Runtime, RuntimeEvent } from "./ports.ts";
import { reconcile } from "./recover.ts";

/** Follows what happens in the runtimes without us asking, until the signal aborts. */
export async function watchRuntimes(engine: Engine, signal: AbortSignal): Promise<void> {
  await Promise.all(engine.runtimes.map((runtime) => watchRuntime(engine, runtime, signal)));
}

async function watchRuntime(engine: Engine, runtime: Runtime, signal: AbortSignal): Promise<void> {
  for await (const event of runtime.events(signal)) {
    // Not waited for: what it starts may take minutes, and the next event may be another workspace's end. Work on one
    // workspace queues by itself.
    react(engine, runtime, event).catch((error: unknown) => {
      engine.log.error("a runtime event could not be handled", { runtime: runtime.name, type: event.type, error });
    });
  }
}

async function react(engine: Engine, runtime: Runtime, event: RuntimeEvent): Promise<void> {
  const { name } = runtime;
  if (event.type === "engine_lost") {
    engine.events.emit({ type: "engine", runtime: name, available: false, message: "The engine does not answer." });
    return;
  }
  if (event.type === "engine_back") {
    engine.events.emit({ type: "engine", runtime: name, available: true });
    return reconcile(engine, [runtime]);
  }
  const { id, exit } = event;
  await engine.operations.run(id, "reconcile", async (signal) => {
    // An exit that an operation caused has been dealt with by the time this runs.
    const record = engine.store.get(id);
    if (record?.power !== "running" || record.phase === "cleaned_up") return;
    if ((await runtime.find(id, signal))?.power === "running") return;
    const reason = exit.oom
      ? "It ran out of memory. Give it more with a larger --memory."
      : `It ended by itself with exit code ${exit.code}.`;
    engine.records.log(id, "agent", reason);
    await powerOff(engine, id, signal, reason);
  });
}
