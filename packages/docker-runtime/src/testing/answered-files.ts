import {
  type Box,
  type BoxProcess,
  type Bytes,
  type ConfinedFiles,
  createByteQueue,
  type ExitStatus,
} from "@ws/workspace-core";
import { createManualClock, type ManualClock } from "@ws/workspace-core/testing";

import { createConfinedFiles } from "../box/confined/confined-files.ts";
import { createFrameReader, toFrame } from "../box/confined/frames.ts";

/** What a file server says of a file, before its path. */
export const FILE = "file 420 3 1700000000123 1 1700000000.0000000.3.7";

export type Answer = readonly (string | Bytes)[] | Uint8Array | undefined;

interface Started {
  asked: string[][];
  isEnded(): boolean;
  isKilled(): boolean;
  finish(): void;
  fail(error: Error): void;
}

/** Confined files whose file servers are answered by the test; undefined answers nothing. */
export function startAnswered(answer: (fields: string[]) => Answer): {
  clock: ManualClock;
  started: Started[];
  files: ConfinedFiles;
} {
  const clock = createManualClock();
  const started: Started[] = [];
  const run: Box["run"] = async (_argv, { stdin, signal } = {}) => {
    const stdout = createByteQueue();
    const exit = Promise.withResolvers<ExitStatus>();
    exit.promise.catch(() => undefined);
    let inputEnded = false;
    const one: Started = {
      asked: [],
      isEnded: () => inputEnded,
      isKilled: () => signal?.aborted === true,
      finish: () => stdout.end(),
      fail: (error) => stdout.fail(error),
    };
    started.push(one);
    const frames = createFrameReader((frame) => {
      const fields = frame.map(String);
      one.asked.push(fields);
      const said = answer(fields);
      if (said !== undefined) stdout.push(said instanceof Uint8Array ? said : toFrame(said));
    });
    const reading = (async () => {
      for await (const chunk of stdin as AsyncIterable<Bytes>) frames.push(chunk);
      inputEnded = true;
    })();
    reading.catch(() => undefined);
    const process: BoxProcess = {
      stdout: stdout.source,
      stderr: createByteQueue().source,
      exit: exit.promise,
      signal: async () => undefined,
    };
    return process;
  };
  return { clock, started, files: createConfinedFiles({ run, clock })("/root") };
}
