import { connectAgent, type AgentConnection } from "./agent-connection.ts";
import type { Io } from "./io.ts";
import { asCalled } from "./output/as-called.ts";
import { toJson } from "./output/json.ts";

/** What every command is given. */
export interface Context {
  readonly io: Io;
  /** What the process exits with when the command returns. */
  exitCode: number;
  /** Whether everything printed is for a program. */
  readonly json: boolean;
  /** The worker that the command line names, where it does; read by commands when they run, and not before. */
  on: string | undefined;
  connect: () => Promise<AgentConnection>;
  /** One line of data. */
  print: (line: string) => void;
  /** One line for a person: progress, or what to do next. Programs get none: their stderr holds an error as JSON, or nothing. */
  hint: (line: string) => void;
  printJson: (value: unknown) => void;
}

export function createContext(io: Io, json = false): Context {
  let connection: Promise<AgentConnection> | undefined;
  const context: Context = {
    io,
    exitCode: 0,
    json,
    on: undefined,
    connect: () => (connection ??= connectAgent(io, context.on === undefined ? undefined : { on: context.on })),
    print: (line) => void io.stdout.write(`${line}\n`),
    hint: (line) => void (json || io.stderr.write(`${asCalled(line, io.env)}\n`)),
    printJson: (value) => void io.stdout.write(`${toJson(value, 2)}\n`),
  };
  return context;
}
