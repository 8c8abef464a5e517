import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import type { Context } from "./context.ts";
import { CliError, EXIT } from "./errors.ts";

/** Far more than any key; what is larger is the wrong file. */
const MOST_BYTES = 256 * 1024;

/**
 * A secret from standard input, or typed unseen where that is a terminal; never from an argument, which other users of
 * the machine could read. Line ends after it are left out.
 */
export async function readSecret(
  context: Context,
  what: string,
  how = "Give it on standard input, such as: ws credential set NAME < FILE. At a terminal you are asked for it.",
): Promise<string> {
  const { stdin } = context.io;
  const text = stdin.isTTY === true ? await typed(context, what) : await piped(context);
  const secret = text.replace(/[\r\n]+$/, "");
  if (secret !== "") return secret;
  throw new CliError("usage", `There is no ${what}: standard input is empty.`, {
    next: how,
    exit: EXIT.usage,
  });
}

async function piped({ io }: Context): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of io.stdin) {
    parts.push(Buffer.from(part as Uint8Array));
    bytes += parts.at(-1)?.length ?? 0;
    if (bytes > MOST_BYTES) {
      throw new CliError("usage", "Standard input is too large to be a secret.", { exit: EXIT.usage });
    }
  }
  return Buffer.concat(parts).toString();
}

async function typed({ io, hint }: Context, what: string): Promise<string> {
  io.stderr.write(`${what}: `);
  // Readline shows what is typed on its output, so it has one that shows nothing.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: io.stdin, output: nowhere, terminal: true, historySize: 0 });
  try {
    return await new Promise((resolve, reject) => {
      prompt.once("line", resolve);
      prompt.once("SIGINT", () => reject(interrupted()));
      prompt.once("close", () => reject(interrupted()));
    });
  } finally {
    prompt.close();
    hint("");
  }
}

function interrupted(): CliError {
  return new CliError("interrupted", "Nothing was changed.", { exit: EXIT.interrupted });
}
