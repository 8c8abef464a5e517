import type { ExecClientFrame } from "@ws/rpc-contract/frames";
import type { Context } from "../context.ts";
import { CliError, EXIT, toCliError } from "../errors.ts";
import { given } from "../given.ts";

type Command = Omit<Extract<ExecClientFrame, { type: "start" }>, "type">;

/**
 * Runs a command in a workspace and exits with its code. With `--json` its output is gathered into one object. What
 * goes wrong on our side exits with 125, which a command's own code is not taken for.
 */
export async function runCommand(
  context: Context,
  name: string,
  asked: Command,
  { lendsAgent = false }: { lendsAgent?: boolean } = {},
): Promise<void> {
  try {
    await using lent = lendsAgent ? await (await import("../ssh/lend-agent.ts")).lendAgent(context, name) : undefined;
    const command = lent === undefined ? asked : { ...asked, env: { SSH_AUTH_SOCK: lent.socket, ...asked.env } };
    const { streamExec } = await import("../sockets/stream-exec.ts");
    if (!context.json) {
      context.exitCode = await streamExec(context, name, command, context.io);
      return;
    }
    const { createCapture } = await import("../sockets/capture.ts");
    const capture = createCapture();
    const exitCode = await streamExec(context, name, command, capture);
    context.printJson({ ...capture.result(), exitCode });
    context.exitCode = exitCode;
  } catch (error) {
    const { code, message, next, cause } = toCliError(error);
    throw new CliError(code, message, { ...given({ next }), exit: EXIT.notRun, cause });
  }
}
