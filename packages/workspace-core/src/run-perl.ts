import type { Argv, Box, BoxProcess, RunOptions } from "./box.ts";
import { isWsError } from "./errors.ts";

/** What the workspace sets for its own programs would change ours. */
const CLEAN = { PERL5OPT: "", PERL5LIB: "", PERL_UNICODE: "0" };
/** Before the workspace's own, where its user may have put another Perl. */
const SYSTEM = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };

/** Runs a program of ours, written in Perl, in a place. Throws `command_not_found` where it has no Perl. */
export async function runPerl(
  run: Box["run"],
  [script, ...args]: Argv,
  options: Omit<RunOptions, "cwd" | "env">,
): Promise<BoxProcess> {
  const argv: Argv = ["perl", "-e", script, "--", ...args];
  try {
    return await run(argv, { ...options, cwd: "/", env: { ...CLEAN, ...SYSTEM } });
  } catch (error) {
    if (!isWsError(error, "command_not_found")) throw error;
    return run(argv, { ...options, cwd: "/", env: CLEAN });
  }
}
