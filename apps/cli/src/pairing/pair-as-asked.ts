import { createInterface } from "node:readline/promises";
import { pairingCodeInFragment, parsePairingCode, showPairingCode } from "@ws/rpc-contract/pairing";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { workersOf } from "../known-workers.ts";
import { toJson } from "../output/json.ts";
import { findTarget, knowsNoWorker } from "../target.ts";
import { hasScheme } from "../worker-url.ts";
import { askCode } from "./ask-code.ts";
import { pairHere } from "./pair-here.ts";
import { pairWith } from "./pair-with.ts";
import { reachWorker } from "./reach-worker.ts";

interface Asked {
  worker: string | undefined;
  code: string | undefined;
  scope: "read" | "write" | "admin" | undefined;
}

/** What `ws pair` with these words does: without any it lets another device in, else it makes this one known. */
export async function pairAsAsked(context: Context, { worker: first, code: second, scope }: Asked): Promise<void> {
  if (first === undefined) {
    if (!knowsNoWorker(await findTarget(context.io.env, context.on), context.io.env)) {
      return pairHere(context, (await context.connect()).client, scope);
    }
    // Nobody can be let in to a worker that is not known yet: that is what is meant then.
    await context.connect();
    return;
  }
  if (scope !== undefined)
    throw wrong("What a device may do is said where the code is made.", "There: ws pair --scope read.");
  if (context.on !== undefined)
    throw wrong("A device pairs with the worker that it reaches itself.", "Leave out --on.");
  const { worker, code } = parted(context, first, second);
  if (code !== undefined) requireCode(code);
  const answering = await reachWorker(worker, workersOf(context.io.env).all);
  const known = await pairWith(context, answering, code ?? (await askAtTerminal(context)));
  if (context.json) return context.print(toJson({ worker: known.name, url: known.url, device: known.device }));
  context.print(`${known.name}  paired  ${known.url}`);
  if (isReadable(known.url))
    context.hint(`Nothing but the network itself keeps what goes to ${known.url} from being read.`);
  context.hint(`Commands are for '${known.name}' from now on: ws list. Another one: ws worker use NAME.`);
}

/** One word may be the code alone, for the worker that is known, or a link, which has both. */
function parted(
  context: Context,
  first: string,
  second: string | undefined,
): { worker: string; code: string | undefined } {
  if (second !== undefined) return { worker: first, code: second };
  const inLink = hasScheme(first) && URL.canParse(first) ? pairingCodeInFragment(new URL(first).hash) : undefined;
  if (inLink !== undefined) return { worker: first, code: inLink };
  const code = parsePairingCode(first);
  if (code === undefined) return { worker: first, code: undefined };
  const { current } = workersOf(context.io.env);
  if (current !== undefined) return { worker: withoutPlainHttp(current.url), code };
  throw wrong(
    `'${showPairingCode(code)}' is a code, and which worker it is of is not known here.`,
    "Use: ws pair HOST CODE.",
  );
}

/** A way that leads over a network as it is, and not to the end of a tunnel here. */
function isReadable(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && hostname !== "localhost" && hostname !== "[::1]" && !hostname.startsWith("127.");
}

/** An address that was kept without a scheme stands there by http, and it is found out here whether there is TLS. */
function withoutPlainHttp(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  return protocol === "http:" ? `${hostname}:${port || "80"}` : url;
}

async function askAtTerminal({ io }: Context): Promise<string> {
  if (io.stdin.isTTY !== true) {
    throw wrong("Nobody can be asked for the code here: standard input is not a terminal.", "Use: ws pair HOST CODE.");
  }
  const prompt = createInterface({ input: io.stdin, output: io.stderr });
  try {
    return await askCode(prompt, io);
  } catch (error) {
    if ((error as { code?: string }).code !== "ABORT_ERR") throw error;
    io.stderr.write("\n");
    throw new CliError("interrupted", "Nothing was changed.", { exit: EXIT.interrupted, cause: error });
  } finally {
    prompt.close();
  }
}

function requireCode(code: string): void {
  if (parsePairingCode(code) !== undefined) return;
  const which = `'${code}' is not a pairing code: those are eight letters and digits, such as K7QM-4XTR.`;
  throw wrong(which, "Make one on the worker: ws pair.");
}

function wrong(message: string, next: string): CliError {
  return new CliError("usage", message, { next, exit: EXIT.usage });
}
