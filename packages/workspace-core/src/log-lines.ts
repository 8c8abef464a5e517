import type { Engine } from "./engine.ts";
import { isEngineGone, toWsError } from "./errors.ts";
import { writePlace, type LogSource, type PlacedLine } from "./log-place.ts";
import type { LogEntry } from "./ports.ts";

/** One line of what the agent did, with its instant and its end. */
export function format({ at, line }: Pick<LogEntry, "at" | "line">): string {
  return `${new Date(at).toISOString()} ${line}\n`;
}

/** The line in the place of what the engine did not give. Throws what is no absence of the engine. */
export function missing(engine: Engine, error: unknown): string {
  if (!isEngineGone(error)) throw error;
  const { message, next = "" } = toWsError(error);
  return format({
    at: engine.clock.now(),
    line: `What it printed itself cannot be read now: ${message} ${next}`.trimEnd(),
  });
}

export async function* texts(lines: AsyncIterable<PlacedLine>): AsyncGenerator<string> {
  for await (const { text } of lines) yield text;
}

export async function* placed(
  lines: AsyncIterable<PlacedLine>,
): AsyncGenerator<{ text: string; source: LogSource; place: string }> {
  for await (const { text, source, place } of lines) yield { text, source, place: writePlace(place) };
}
