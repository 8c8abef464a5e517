import { type Clock, isWsError, type Log, type RuntimeEvent } from "@ws/workspace-core";

import type { EndingsMemory } from "./endings.ts";
import type { Engine } from "./engine.ts";
import { labelFilter, workspaceOf } from "./labels.ts";
import { jsonLines } from "./lines.ts";

/** One line of the engine's event stream, as far as it concerns us. */
export interface EngineMessage {
  Action?: string;
  Actor?: { ID?: string; Attributes?: Record<string, string> };
  timeNano?: number;
}

export interface EventSources {
  engine: Engine;
  instance: string;
  clock: Clock;
  log: Log;
  endings: EndingsMemory;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/**
 * What the engine tells about an instance's containers from now on, for ever: a connection that ends is opened again
 * from the last message on, so that nothing that happens meanwhile is missed.
 */
export function runtimeEvents(sources: EventSources, signal: AbortSignal): AsyncGenerator<RuntimeEvent> {
  // Asked for by time, so that what happens before the connection stands is told as well.
  return follow(sources, signal, sources.clock.now() * 1e6);
}

async function* follow(sources: EventSources, signal: AbortSignal, since: number): AsyncGenerator<RuntimeEvent> {
  const { engine, instance, clock, log } = sources;
  let lost = false;
  let pause = FIRST_PAUSE_MS;
  let last = since;
  while (!signal.aborted) {
    try {
      // The stream's first byte may be hours away: this tells at once whether anybody is there.
      await engine.call((docker) => docker.ping(), signal);
      if (lost) {
        lost = false;
        yield { type: "engine_back" };
      }
      const body = engine.stream((docker) => docker.getEvents(query(instance, last)), signal);
      for await (const message of jsonLines<EngineMessage>(body)) {
        pause = FIRST_PAUSE_MS;
        const time = message.timeNano ?? 0;
        if (time <= last) continue;
        const event = await translate(sources, message, signal);
        last = time;
        if (event !== undefined) yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      log.debug("the engine's events cannot be followed", { error });
      if (!lost && (isWsError(error, "engine_lost") || isWsError(error, "engine_unreachable"))) {
        lost = true;
        yield { type: "engine_lost" };
      }
    }
    await clock.sleep(pause, signal).catch(() => undefined);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

/** What a message means to the domain; nothing for what we asked for ourselves and for what is over already. */
export async function translate(
  { engine, instance, log, endings }: EventSources,
  message: EngineMessage,
  signal: AbortSignal,
): Promise<RuntimeEvent | undefined> {
  const { ID: container, Attributes: attributes = {} } = message.Actor ?? {};
  const id = workspaceOf(attributes, instance);
  if (container === undefined || id === undefined) return undefined;
  if (message.Action === "oom") {
    endings.outOfMemory(container);
    log.info("memory ran out in a workspace and the kernel ended a process of it", { workspace: id });
    return undefined;
  }
  if (message.Action !== "die") return undefined;
  endings.ended(container);
  if (endings.expected(container)) return undefined;
  const found = await engine.attempt([404], (docker) => docker.getContainer(container).inspect(), signal);
  if (found.value?.State.Running === true) return undefined;
  const code = Number(attributes["exitCode"] ?? found.value?.State.ExitCode ?? 0);
  // The flag stays set from an earlier process's end, and is missing where the first process was the one.
  const oom = code === 137 && (endings.ranOutOfMemory(container) || found.value?.State.OOMKilled === true);
  return { type: "exited", id, exit: { code, oom } };
}

function query(instance: string, last: number): object {
  return {
    filters: { type: ["container"], event: ["die", "oom"], ...labelFilter(instance) },
    // A millisecond more than needed, because nanoseconds do not fit a number; known messages are left out above.
    since: (last / 1e9 - 0.001).toFixed(9),
  };
}
