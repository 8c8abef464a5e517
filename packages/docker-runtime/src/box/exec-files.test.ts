import type { BoxProcess, RunOptions } from "@ws/workspace-core";
import { expect, test } from "vitest";

import { createExecFiles } from "./exec-files.ts";

test("A workspace whose shell answers without end is not listened to for ever, and its answer ends", async () => {
  let ended: AbortSignal | undefined;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield new Uint8Array(1024 * 1024);
  }
  const files = createExecFiles((_argv, { signal }: RunOptions) => {
    ended = signal;
    return Promise.resolve(saying(endless()));
  });
  await expect(files.list("/")).rejects.toMatchObject({ code: "internal" });
  expect(ended?.aborted).toBe(true);
});

test.each(["", "x y z", "81a4 12", "81a4 1e400 0", "81a4 NaN 0"])("What is said of a file is no '%s'", async (said) => {
  const files = createExecFiles(() => Promise.resolve(saying([Buffer.from(said)])));
  await expect(files.stat("/file")).rejects.toMatchObject({ code: "internal" });
});

function saying(output: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): BoxProcess {
  async function* read(): AsyncGenerator<Uint8Array> {
    yield* output;
  }
  return { stdout: read(), stderr: read(), exit: Promise.resolve({ code: 0 }), signal: () => Promise.resolve() };
}
