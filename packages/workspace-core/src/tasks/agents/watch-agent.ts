import type { Clock, Log } from "../../ports.ts";
import type { RunEnd, Runs } from "../../runs/runs.ts";
import { runIdOf } from "../run-id.ts";
import type { TaskRecord } from "../task.ts";
import { createLines } from "./lines.ts";
import type { AgentSaid, AgentTool } from "./tool.ts";
import { isSettled } from "./verdict.ts";

/** What a run of a coding tool came to. */
export interface Watched {
  said: AgentSaid;
  end: RunEnd;
  /** The last that it said on stderr. */
  errors: string;
}

/** So long one may go on that has said how it ended: some never end by themselves. */
const LINGER_MS = 60_000;
const MOST_ERRORS = 16_384;

/** Reads all that a run says, from its beginning and until its end. */
export async function watchAgent(options: {
  record: TaskRecord;
  runs: Runs;
  tool: AgentTool;
  clock: Pick<Clock, "sleep">;
  log: Log;
  /** Told the name of its conversation, as soon as that is known. */
  tell: (session: string) => void;
  signal: AbortSignal;
}): Promise<Watched> {
  const { record, runs, tool, clock, log, tell, signal } = options;
  const run = runIdOf(record);
  const leaving = new AbortController();
  const inside = AbortSignal.any([signal, leaving.signal]);
  const reader = tool.reader();
  let lingering: AbortController | undefined;

  /** It is ended where it said its last and does not end. */
  function look(): void {
    if (!isSettled(reader.said())) {
      lingering?.abort();
      lingering = undefined;
    } else if (lingering === undefined) {
      lingering = new AbortController();
      void linger(AbortSignal.any([inside, lingering.signal]));
    }
  }

  async function linger(until: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await clock.sleep(LINGER_MS, until);
        log.info("a coding tool said how it ended and went on: it is ended", { task: record.id, tool: tool.name });
        await runs.end(run);
      }
    } catch (error) {
      if (!until.aborted) log.warn("a coding tool that lingers could not be ended", { task: record.id, error });
    }
  }

  async function read(): Promise<void> {
    const lines = createLines((line) => reader.line(line));
    let told: string | undefined;
    for await (const { offset, bytes } of runs.read(run, 0, { signal: inside })) {
      lines.push(offset, bytes);
      const { session } = reader.said();
      if (session !== undefined && session !== told) tell(session);
      told = session;
      look();
    }
    lines.end();
  }

  try {
    const reading = read();
    const ending = runs.ended(run, inside);
    const end = await Promise.race([ending, reading.then(() => ending)]);
    await reading;
    const errors = await lastErrors(runs, run, inside);
    return { said: reader.said(), end, errors };
  } finally {
    leaving.abort();
  }
}

async function lastErrors(runs: Runs, run: string, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const { bytes } of runs.read(run, 0, { stream: "errors", signal })) {
    text = (text + decoder.decode(bytes, { stream: true })).slice(-MOST_ERRORS);
  }
  return text.replace(COLOURS, "");
}

const COLOURS = /\u001B\[[0-9;]*m/g;
