import { CliError, EXIT } from "./errors.ts";
import type { Target } from "./target.ts";

/** The failure of a connection that was never made, in words that lead on. */
export function unreachable(target: Target, cause: unknown): CliError {
  const code = (cause as { code?: string }).code;
  if (target.kind === "socket") {
    if (code === "EACCES") {
      return new CliError("permission_denied", `The agent's socket ${target.path} belongs to another user.`, {
        next: "Use the account that runs the agent, or a token: ws token create NAME.",
        exit: EXIT.denied,
        cause,
      });
    }
    return new CliError("agent_unreachable", "No agent runs on this machine.", {
      next: "Start it with 'ws agent run' (or 'npm start' in the repository), or name another worker: ws config set worker HOST.",
      exit: EXIT.unavailable,
      cause,
    });
  }
  return new CliError("agent_unreachable", `The worker at ${target.url} does not answer (${code ?? String(cause)}).`, {
    next: "Check the address ('ws config get worker') and that its agent runs.",
    exit: EXIT.unavailable,
    cause,
  });
}
