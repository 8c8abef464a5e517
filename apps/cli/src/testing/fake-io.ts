import { PassThrough } from "node:stream";
import type { Io } from "../io.ts";

export interface FakeIo extends Io {
  readonly out: () => string;
  readonly err: () => string;
}

/** Streams that remember; no terminal, no environment but what is given. */
export function createFakeIo(env: Record<string, string> = {}): FakeIo {
  const text = { out: "", err: "" };
  const sink = (name: "out" | "err"): PassThrough => {
    const stream = new PassThrough();
    stream.on("data", (chunk: Buffer) => (text[name] += chunk.toString()));
    return stream;
  };
  return {
    env,
    cwd: "/",
    stdin: new PassThrough().end(),
    stdout: sink("out"),
    stderr: sink("err"),
    passThrough: () => () => undefined,
    onInterrupt: () => () => undefined,
    onSignal: () => () => undefined,
    onContinue: () => () => undefined,
    isForeground: () => false,
    onResize: () => () => undefined,
    out: () => text.out,
    err: () => text.err,
  };
}
