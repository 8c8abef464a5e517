import { connectAgent, type AgentConnection } from "./agent-connection.ts";
import { findTarget, knowsNoWorker } from "./target.ts";
import type { Io } from "./io.ts";
import { asCalledOn } from "./output/as-called.ts";
import { toJson } from "./output/json.ts";
import { printable } from "./output/printable.ts";
import { table } from "./output/table.ts";
import { withLocalInstants } from "./output/time.ts";
import { widthOf } from "./output/wrap.ts";

/** What every command is given. */
export interface Context {
  readonly io: Io;
  /** What the process exits with when the command returns. */
  exitCode: number;
  /** Whether everything printed is for a program. */
  readonly json: boolean;
  /** Whether only results, questions and errors are printed; read by commands when they run, and not before. */
  quiet: boolean;
  /** The worker that the command line names, where it does; read by commands when they run, and not before. */
  on: string | undefined;
  connect: () => Promise<AgentConnection>;
  /** One line of data. */
  print: (line: string) => void;
  /** Rows below a header, as wide as the terminal at most, and whole in a pipe. */
  printTable: (header: readonly string[], rows: readonly (readonly string[])[]) => void;
  /** One line for a person: progress, or what to do next. Programs get none: their stderr holds an error as JSON, or nothing. */
  hint: (line: string) => void;
  /** Whether progress may be drawn in place, on a terminal that shows it. */
  isLive: () => boolean;
  printJson: (value: unknown) => void;
  /** What is told to type next, as it can be typed here and leads to the worker that this call was for; a hint is so already. */
  asCalled: (text: string) => string;
}

export function createContext(io: Io, json = false): Context {
  let connection: Promise<AgentConnection> | undefined;
  const context: Context = {
    io,
    exitCode: 0,
    json,
    quiet: false,
    on: undefined,
    connect: () => (connection ??= connectFirst(context)),
    print: (line) => void io.stdout.write(`${line}\n`),
    printTable: (header, rows) => context.print(table(header, rows, widthOf(io))),
    hint(line) {
      if (json || context.quiet) return;
      // On a terminal in raw mode, a line that ends so is followed by one that begins at the left.
      const end = line.endsWith("\r") ? "\r\n" : "\n";
      io.stderr.write(`${printable(withLocalInstants(context.asCalled(line)))}${end}`);
    },
    isLive() {
      const { NO_COLOR, TERM } = io.env;
      return !json && !context.quiet && io.stderr.isTTY === true && NO_COLOR === undefined && TERM !== "dumb";
    },
    printJson: (value) => void io.stdout.write(`${toJson(value, 2)}\n`),
    asCalled: (text) => asCalledOn(text, io.env, context.on),
  };
  return context;
}

/** A device that knows no worker asks for one first, and then goes on with what it was told to do. */
async function connectFirst(context: Context): Promise<AgentConnection> {
  const { io, on } = context;
  const target = await findTarget(io.env, on);
  if (!knowsNoWorker(target, io.env)) return connectAgent(io, target);
  const { askWorker } = await import("./first-run/ask-worker.ts");
  await askWorker(context, "? No worker configured. Enter worker hostname: ");
  return connectAgent(io, on === undefined ? undefined : { on });
}
