import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
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
  /** What has been printed, without what moves a terminal's cursor. */
  text(): string;
  /** What has been printed once it matches. */
  said(what: RegExp): Promise<RegExpExecArray>;
  signal(signal: EndSignal): void;
}

export interface Typing extends Running {
  type(line: string): void;
}

/** The same on a terminal, at which somebody types. */
export function startAtTerminal(env: Record<string, string>, ...argv: string[]): Typing {
  const fake = createFakeIo(env);
  const terminal = { isTTY: true, columns: 80, rows: 24 };
  const keys = new PassThrough();
  const stdin = Object.assign(keys, terminal);
  for (const stream of [fake.stdout, fake.stderr]) Object.assign(stream, terminal);
  return { ...start({ ...fake, stdin }, argv), type: (line) => void keys.write(`${line}\n`) };
}

/** A command that goes on until something happens. */
export function startCommand(env: Record<string, string>, ...argv: string[]): Running {
  return start(createFakeIo(env), argv);
}

function start(fake: FakeIo, argv: readonly string[]): Running {
  const listeners = new Set<(signal: EndSignal) => void>();
  const io: FakeIo = {
    ...fake,
    onSignal(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const text = (): string => stripVTControlCharacters(io.out() + io.err()).replaceAll("\r\n", "\n");
  const ended = run(argv, io);
  return {
    io,
    ended,
    text,
    signal: (signal) => listeners.forEach((listener) => listener(signal)),
    said: (what) =>
      new Promise((resolve, reject) => {
        const streams = [io.stdout, io.stderr];
        const look = (): void => {
          const found = what.exec(text());
          if (found === null) return;
          for (const stream of streams) stream.off("data", look);
          resolve(found);
        };
        for (const stream of streams) stream.on("data", look);
        look();
        void ended.then((code) => reject(new Error(`it ended with ${code}: ${text()}`)));
      }),
  };
}
