import type { Engine } from "./engine.ts";
import { createFollowQueue } from "./follow-queue.ts";
import { openRunning } from "./open-running.ts";
import { sayInLog } from "./run-script.ts";
import { runScriptsAgain, type ScriptOutcome } from "./scripts.ts";

interface Asked {
  /** Only the one of this name. */
  script?: string | undefined;
  signal: AbortSignal;
}

/** A line that a script said, and at the end how each of them ended. */
export type ScriptNews = { line: string } | { outcomes: ScriptOutcome[] };

/** Runs the scripts of a workspace as its operation; `said` is told each line of theirs that goes into its log. */
export function runAgain(
  engine: Engine,
  name: string,
  { script, signal }: Asked,
  said: (line: string) => void = () => undefined,
): Promise<ScriptOutcome[]> {
  const { records, operations, uses } = engine;
  const { id } = records.get(name);
  const work = operations.run(id, "scripts", async (own) => {
    const log = sayInLog(engine, id);
    // Not all of the log: a script that a start left running says something too.
    const say = (line: string): void => {
      log(line);
      said(line);
    };
    const running = { report: () => undefined, signal: AbortSignal.any([own, signal]), only: script, say };
    const { box, record } = await openRunning(engine, records.byId(id).name, running.signal);
    return runScriptsAgain(engine, record, box, running);
  });
  uses.during(id, work);
  return work;
}

/** The same, told as it goes on. They end with whoever follows them; of what is not read in time lines are left out, and not of the log. */
export async function* followAgain(
  engine: Engine,
  name: string,
  { script, signal }: Asked,
): AsyncGenerator<ScriptNews, void> {
  const leaving = new AbortController();
  const queue = createFollowQueue({
    leftOut: (count) => `Lines left out because they were not read in time: ${count}.`,
  });
  let outcomes: ScriptOutcome[] = [];
  const asked = { script, signal: AbortSignal.any([signal, leaving.signal]) };
  runAgain(engine, name, asked, (line) => queue.add(line)).then(
    (ended) => {
      outcomes = ended;
      queue.end();
    },
    (failure: unknown) => queue.end({ failure }),
  );
  try {
    for await (const { text } of queue.read()) yield { line: text };
    yield { outcomes };
  } finally {
    leaving.abort();
  }
}
