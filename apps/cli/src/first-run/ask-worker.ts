import { createInterface, type Interface } from "node:readline/promises";
import { homedir } from "node:os";
import { clientConfigPath } from "../client-config-path.ts";
import { readClientConfig, writeClientConfig } from "../client-config.ts";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { withWorker, workersOf } from "../known-workers.ts";
import { askCode } from "../pairing/ask-code.ts";
import { pairWith } from "../pairing/pair-with.ts";
import { reachWorker, type Answering } from "../pairing/reach-worker.ts";
import { letIn } from "./let-in.ts";

/**
 * Asks which worker this device is for, pairs with it and keeps it, as the first thing on a device that knows none. Throws
 * `no_worker` where nobody can be asked, `interrupted`.
 */
export async function askWorker(context: Context, question: string): Promise<void> {
  const { io } = context;
  if (context.json || io.stdin.isTTY !== true || io.stderr.isTTY !== true) throw noWorker();
  const prompt = createInterface({ input: io.stdin, output: io.stderr });
  try {
    const answering = await askUntilReached(context, prompt, question);
    const { findLocalApi } = await import("@ws/agent/tailscaled");
    const known = await letIn(answering, findLocalApi(io.env["WS_TAILNET_SOCKET"] ?? ""));
    if (known !== undefined) keep(context, known);
    else await pairUntilPaired(context, prompt, answering);
    io.stderr.write(`Saved to ${abbreviated(clientConfigPath(io.env))}\n\n`);
  } catch (error) {
    if ((error as { code?: string }).code !== "ABORT_ERR") throw error;
    io.stderr.write("\n");
    throw new CliError("interrupted", "No worker was chosen, and nothing was changed.", {
      next: "To make this machine a worker: ws agent run. All commands: ws --help.",
      exit: EXIT.interrupted,
      cause: error,
    });
  } finally {
    prompt.close();
  }
}

async function askUntilReached({ io, asCalled }: Context, prompt: Interface, question: string): Promise<Answering> {
  for (;;) {
    const asked = (await prompt.question(question)).trim();
    if (asked === "") {
      io.stderr.write(
        asCalled("Where another machine runs 'ws agent run', its name; or make this one a worker: ws agent run.\n"),
      );
      continue;
    }
    try {
      const answering = await reachWorker(asked, workersOf(io.env).all, (host) => {
        io.stderr.write(`Connecting to ${host}... `);
      });
      io.stderr.write("OK\n");
      return answering;
    } catch (error) {
      say(io, asCalled, error);
    }
  }
}

async function pairUntilPaired(context: Context, prompt: Interface, answering: Answering): Promise<void> {
  const { io, asCalled } = context;
  for (;;) {
    const code = await askCode(prompt, io);
    try {
      await pairWith(context, answering, code);
      return;
    } catch (error) {
      // Of another kind, it would be the same with another code.
      if ((error as { data?: { code?: string } }).data?.code !== "pairing_failed") throw error;
      say(io, asCalled, error);
    }
  }
}

/** What did not work, and that it is asked again. */
function say(io: Context["io"], asCalled: Context["asCalled"], error: unknown): void {
  if (!(error instanceof Error)) throw error;
  const { message } = error;
  const { next = (error as { data?: { next?: string } }).data?.next } = error as { next?: string };
  io.stderr.write(`\n${message}${next === undefined ? "" : `\n${asCalled(next)}`}\n`);
}

/** A worker that knows who this is without a token, as on a tailnet. */
function keep({ io }: Context, { target: { url }, worker }: Answering): void {
  writeClientConfig(io.env, withWorker(readClientConfig(io.env), { url, wanted: worker }).config);
}

function abbreviated(path: string): string {
  const home = `${homedir()}/`;
  return path.startsWith(home) ? `~/${path.slice(home.length)}` : path;
}

function noWorker(): CliError {
  return new CliError("no_worker", "This device knows no worker, and is none itself.", {
    next: "Name one: ws config set worker HOST, then ws pair CODE. Or make this machine one: ws agent run.",
    exit: EXIT.unavailable,
  });
}
