import type { Engine } from "./engine.ts";
import { powerOff } from "./lifecycle.ts";
import type { Runtime, RuntimeEvent } from "./ports.ts";
import { reconcile } from "./recover.ts";

/** Follows what happens in the runtimes without us asking, until the signal aborts. */
export async function watchRuntimes(engine: Engine, signal: AbortSignal): Promise<void> {
  await Promise.all(engine.runtimes.map((runtime) => watchRuntime(engine, runtime, signal)));
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** A failure, of a file that cannot be opened now for example, must not be the end of the watching. */
async function watchRuntime(engine: Engine, runtime: Runtime, signal: AbortSignal): Promise<void> {
  const { clock, log } = engine;
  let pause = FIRST_PAUSE_MS;
  let isTold = false;
  while (!signal.aborted) {
    const begun = clock.monotonic();
    try {
      await followEvents(engine, runtime, signal);
      throw new Error("its events ended by themselves");
    } catch (error) {
      if (signal.aborted) return;
      // Another failure than the last one, if that was long ago.
      const isNew = clock.monotonic() - begun > LONGEST_PAUSE_MS;
      if (isNew) pause = FIRST_PAUSE_MS;
      if (isNew || !isTold)
        log.error("a runtime cannot be watched; it is tried again", { runtime: runtime.name, error });
      isTold = true;
    }
    await clock.sleep(pause, signal).catch(() => undefined);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

async function followEvents(engine: Engine, runtime: Runtime, signal: AbortSignal): Promise<void> {
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
