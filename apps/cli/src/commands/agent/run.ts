import { resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import type { AgentOptions } from "@ws/agent";
import { Option, type Command } from "commander";
import { connectAgent } from "../../agent-connection.ts";
import type { Context } from "../../context.ts";
import { CliError, EXIT, toldError } from "../../errors.ts";
import { configDirectory } from "@ws/agent/paths";
import { given } from "../../given.ts";
import { toJson } from "../../output/json.ts";
import { createImageProgress } from "../../output/image-progress.ts";
import { readSecret } from "../../read-secret.ts";
import { becomeAnew, endAsked, requireRestartable, takeHandedOn } from "../../service/in-place.ts";
import { parseCount } from "../../values.ts";
import { requireHere } from "./here.ts";

interface RunFlags {
  port?: number;
  listen?: string;
  open?: boolean;
  json?: true;
  insecureListen?: true;
  tls?: true;
  tlsCert?: string;
  tlsKey?: string;
  clientCa?: string;
  hub?: string;
  hubName?: string;
  hubGrant?: string;
}

export function registerRun(agent: Command, context: Context): void {
  agent
    .command("run")
    .description("Run the agent in the foreground. Stopping it leaves workspaces and their terminals running.")
    .option("--port <port>", "port of the API and the dashboard (default: 7391, 0 picks a free one)", parseCount)
    .option("--listen <address>", "address to listen on (default: 127.0.0.1)")
    .option("--tls", "speak TLS, with a certificate of the worker's own that devices pin when they are paired")
    .option("--tls-cert <file>", "the same with this certificate (PEM) instead", asPath)
    .option("--tls-key <file>", "its key (PEM)", asPath)
    .option("--client-ca <file>", "let only clients with a certificate of this authority (PEM) connect by TLS", asPath)
    .addOption(new Option("--insecure-listen", "allow an address beyond this machine without TLS").hideHelp(false))
    .option(
      "--hub <url>",
      "dial out to this agent, so that it leads to this one; the token comes from 'ws worker add' there",
    )
    .option("--hub-name <name>", "what this worker's audit log calls the hub (default: its host)")
    .addOption(
      new Option("--hub-grant <scope>", "the most that the hub may do here (default: write)").choices([
        "read",
        "write",
        "admin",
      ]),
    )
    .option("--open", "open the dashboard in the browser")
    .option("--json", "print one line of JSON when it is up: {url, socket, pid, link}")
    .addHelpText(
      "after",
      `
Examples:
  ws agent run
  ws --agent --port 8000
  ws agent run --listen 0.0.0.0 --tls
  ws agent run --hub https://hub.example.com --hub-grant write < token

To keep it running by itself: ws agent install.
The hub's token is WS_HUB_TOKEN, else the setting hub.token, else what comes on standard input or is typed unseen.`,
    )
    .action(async (flags: RunFlags) => {
      context.exitCode = await runAgent(context, flags);
    });
}

/**
 * Memory is tidied once it has grown by half, and not to the fourfold: an event that a thousand clients are told leaves some ten
 * megabytes behind, which otherwise take 140 MiB more before anybody looks.
 */
const TIDY_SOONER = "--heap-growing-percent=50";

async function runAgent(context: Context, flags: RunFlags): Promise<number> {
  const asked = endAsked();
  const hub = hubOf(context, flags);
  setFlagsFromString(TIDY_SOONER);
  const { startAgent } = await import("@ws/agent");
  try {
    const image = createImageProgress(context);
    const agent = await startAgent({
      configDirectory: configDirectory(context.io.env),
      env: context.io.env,
      signal: asked.signal,
      ...(flags.json === true ? { write: () => undefined } : image),
      writesPrivately: isAtTerminal(context),
      ...(flags.port === undefined ? {} : { port: flags.port }),
      ...(flags.listen === undefined ? {} : { listen: flags.listen }),
      ...(flags.insecureListen === undefined ? {} : { insecureListen: true }),
      ...given({ tls: tlsOf(flags), hub: hub.options }),
      ...(flags.open === undefined ? {} : { open: flags.open }),
    });
    if (flags.json === true) {
      const { url, socket } = agent;
      const { client } = await connectAgent(context.io, { kind: "socket", path: socket });
      const link = (await client.auth.link()).url;
      context.print(toJson({ url, socket, pid: process.pid, link }));
    }
    asked.onRestart(() => requireRestartable(agent.log));
    await aborted(asked.signal);
    await agent.close();
    if (asked.toRestart()) becomeAnew(hub.token());
    return EXIT.ok;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === "aborted" && asked.signal.aborted) throw stopped(error);
    throw toldError(error);
  }
}

/** What a manager of services, a pipe or a file gets is kept, and read by others than whoever started it. */
function isAtTerminal({ io }: Context): boolean {
  return io.stdout.isTTY === true && (io.env["NOTIFY_SOCKET"] ?? "") === "";
}

/** The agent may be at home elsewhere than where its command is typed. */
function asPath(file: string): string {
  return resolve(file);
}

/** What the command line says of TLS; a certificate says that it is wanted. */
function tlsOf({ tls, tlsCert: cert, tlsKey: key, clientCa }: RunFlags): AgentOptions["tls"] {
  const mode = cert !== undefined || key !== undefined ? "files" : tls === undefined ? undefined : "self";
  return given({ mode, cert, key, clientCa });
}

/** What the command line says of the hub. Its token is asked for where neither the surroundings nor the settings have one. */
function hubOf(
  context: Context,
  { hub: url, hubName: name, hubGrant: grant }: RunFlags,
): { options: AgentOptions["hub"]; token: () => string | undefined } {
  requireHere(context);
  const handedOn = takeHandedOn(process.env);
  let typed: string | undefined;
  const askToken = async (): Promise<string> => (typed = handedOn ?? (await readSecret(context, "token of the hub")));
  return {
    options: { ...given({ url, name, grant }), ...(url === undefined ? {} : { askToken }) },
    token: () => typed,
  };
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
