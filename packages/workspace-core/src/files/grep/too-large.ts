import type { Argv, Box } from "../../box.ts";
import { lets } from "../../policy/lets.ts";
import type { Policy } from "../../policy/policy.ts";
import { beginningOf } from "./beginning-of.ts";
import type { GrepRequest } from "./request.ts";
import { chosen, LARGEST } from "./ripgrep.ts";

/** So many of them are named. */
const TOLD = 100;
const LONGEST_OUTPUT = 512 * 1024;

/** ripgrep does not tell what it leaves out for its size, so it is asked which files it would search, and they are measured. */
const SCRIPT = `rg "$@" | xargs -0 sh -c 'exec find . "$@" -maxdepth 0 -type f -size +${LARGEST}c -print0' sh`;

export function tooLargeArgv(request: GrepRequest): Argv {
  return ["sh", "-c", SCRIPT, "sh", "--files", "--null", ...chosen(request)];
}

/** Files that a search leaves out because they are too large for it, by path; at most a hundred. */
export async function tooLargeFiles(
  box: Box,
  root: string,
  request: GrepRequest,
  { policy, signal }: { policy: Policy; signal: AbortSignal },
): Promise<string[]> {
  const process = await box.run(tooLargeArgv(request), { cwd: root, signal, traffic: "bulk" });
  const [said] = await Promise.all([
    beginningOf(process.stdout, LONGEST_OUTPUT),
    beginningOf(process.stderr, 0),
    process.exit,
  ]);
  // The last name has its end only where nothing was cut.
  const paths = said.split("\0").slice(0, -1);
  return paths
    .map((path) => path.replace(/^\.\//, ""))
    .filter((path) => path !== request.path && lets(policy, { act: "read", path }))
    .sort()
    .slice(0, TOLD);
}
