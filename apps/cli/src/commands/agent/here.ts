import type { Context } from "../../context.ts";
import { CliError, EXIT } from "../../errors.ts";

/** Throws `usage` where another worker is named: an agent is run, installed and looked after on its own machine. */
export function requireHere({ on }: Context): void {
  if (on === undefined) return;
  throw new CliError("usage", "An agent runs on this machine: leave out --on.", {
    next: "To have it reached through another: ws agent run --hub URL.",
    exit: EXIT.usage,
  });
}
