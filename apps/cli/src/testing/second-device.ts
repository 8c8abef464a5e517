import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EndSignal } from "../io.ts";
import { run } from "../run.ts";
import { createFakeIo, type FakeIo } from "./fake-io.ts";

export interface SecondDevice extends Disposable {
  readonly configDirectory: string;
  /** What stands in its `client.json`. */
  kept(): unknown;
  ws(...argv: string[]): Promise<{ code: number; out: string; err: string }>;
}

/** A device that knows no worker yet. */
export function createSecondDevice(env: Record<string, string> = {}): SecondDevice {
  const configDirectory = mkdtempSync(join(tmpdir(), "ws-device-"));
  return {
    configDirectory,
    kept: () => JSON.parse(readFileSync(join(configDirectory, "client.json"), "utf8")) as unknown,
    async ws(...argv) {
      const io = createFakeIo({ WS_CONFIG_DIR: configDirectory, ...env });
      const code = await run(argv, io);
      return { code, out: io.out(), err: io.err() };
    },
    [Symbol.dispose]: () => rmSync(configDirectory, { recursive: true }),
  };
}

export interface Running {
  io: FakeIo;
  ended: Promise<number>;
  /** What has been printed once it matches. */
  said(what: RegExp): Promise<RegExpExecArray>;
  signal(signal: EndSignal): void;
}

/** A command that goes on until something happens. */
export function startCommand(env: Record<string, string>, ...argv: string[]): Running {
  const fake = createFakeIo(env);
  const listeners = new Set<(signal: EndSignal) => void>();
  const io: FakeIo = {
    ...fake,
    onSignal(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const ended = run(argv, io);
  return {
    io,
    ended,
    signal: (signal) => listeners.forEach((listener) => listener(signal)),
    said: (what) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = what.exec(io.out() + io.err());
          if (found !== null) resolve(found);
        };
        for (const stream of [io.stdout, io.stderr]) stream.on("data", look);
        look();
        void ended.then((code) => reject(new Error(`it ended with ${code}: ${io.out()}${io.err()}`)));
      }),
  };
}
