import { Option, type Command } from "commander";
import { connectAgent } from "../agent-connection.ts";
import type { Context } from "../context.ts";
import { CliError, EXIT, exitFor } from "../errors.ts";
import { configDirectory } from "@ws/agent/paths";
import { toJson } from "../output/json.ts";
import { parseCount } from "../values.ts";

interface RunFlags {
  port?: number;
  listen?: string;
  open?: boolean;
  json?: true;
  insecureListen?: true;
}

export function registerAgent(program: Command, context: Context): void {
  program
    .command("agent")
    .description("The daemon that makes this machine a worker.")
    .addHelpText("after", "\nExample:\n  ws agent run")
    .command("run")
    .description("Run the agent in the foreground. Stopping it leaves workspaces and their terminals running.")
    .option("--port <port>", "port of the API and the dashboard (default: 7391, 0 picks a free one)", parseCount)
    .option("--listen <address>", "address to listen on (default: 127.0.0.1)")
    .addOption(new Option("--insecure-listen", "allow an address beyond this machine without TLS").hideHelp(false))
    .option("--open", "open the dashboard in the browser")
    .option("--json", "print one line of JSON when it is up: {url, socket, pid, link}")
    .addHelpText("after", "\nExamples:\n  ws agent run\n  ws --agent --port 8000")
    .action(async (flags: RunFlags) => {
      context.exitCode = await runAgent(context, flags);
    });
}

async function runAgent(context: Context, flags: RunFlags): Promise<number> {
  const stop = new AbortController();
  onSignals(() => stop.abort());
  const { startAgent } = await import("@ws/agent");
  try {
    const agent = await startAgent({
      configDirectory: configDirectory(context.io.env),
      env: context.io.env,
      signal: stop.signal,
      write: (text: string) => void (flags.json === true || context.io.stdout.write(text)),
      ...(flags.port === undefined ? {} : { port: flags.port }),
      ...(flags.listen === undefined ? {} : { listen: flags.listen }),
      ...(flags.insecureListen === undefined ? {} : { insecureListen: true }),
      ...(flags.open === undefined ? {} : { open: flags.open }),
    });
    if (flags.json === true) {
      const { url, socket } = agent;
      const { client } = await connectAgent(context.io, { kind: "socket", path: socket });
      const link = (await client.auth.link()).url;
      context.print(toJson({ url, socket, pid: process.pid, link }));
    }
    await aborted(stop.signal);
    await agent.close();
    return EXIT.ok;
  } catch (error) {
    const { code, next, message } = error as { code?: string; next?: string; message: string };
    if (code === "aborted" && stop.signal.aborted) throw stopped(error);
    if (typeof code !== "string" || next === undefined) throw error;
    throw new CliError(code, message, { next, exit: exitFor(code), cause: error });
  }
}

/** At the first request to end; the second one does not wait for what that began. */
function onSignals(end: () => void): void {
  let asked = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (asked && signal !== "SIGHUP") process.exit(EXIT.interrupted);
      asked = true;
      end();
    });
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

function stopped(cause: unknown): CliError {
  return new CliError("interrupted", "The agent was stopped while it was starting; it did not come up.", {
    next: "Nothing is half-made: workspaces and their terminals are as they were. Start it again: ws agent run.",
    exit: EXIT.interrupted,
    cause,
  });
}
