import type { Argv } from "../ports.ts";
import { shellWord } from "../shell-word.ts";

/** The script's last line, by which it is known to be whole. */
export const PROGRAM_END = "# end";

/**
 * The script around a terminal's program: takes away what tmux adds, and writes down how the program ended. It stays
 * its parent, because only a parent is told; signals of the terminal reach the program and leave the script alone.
 */
export function programScript(argv: Argv, cwd: string): string {
  return `state=$PWD
unset TMUX TMUX_PANE TERM_PROGRAM TERM_PROGRAM_VERSION
export COLORTERM=truecolor
trap : HUP INT QUIT TERM
cd -- ${shellWord(cwd)} || cd
${argv.map(shellWord).join(" ")}
echo $? >"$state/code"
# tmux lets go of a terminal whose last bytes the kernel has not yet handed over.
sleep 0.05
${PROGRAM_END}
`;
}
