import type { Argv, Box } from "../../box.ts";
import { lines } from "../../lines.ts";
import { lets } from "../../policy/lets.ts";
import type { Policy } from "../../policy/policy.ts";
import { ripgrepOr } from "../ripgrep-or.ts";
import { createRanking } from "./ranking.ts";

export interface FindRequest {
  /** Words that all stand in the path, in whatever case. */
  query: string;
  /** At most so many, 100 where absent. */
  maxResults?: number;
}

export interface FindResult {
  /** From the directory, the best first. */
  paths: string[];
  truncated: boolean;
}

const MAX_RESULTS = 100;
const LONGEST_PATH = 8_192;

/** Files by their names; neither what git ignores nor what the policy hides. */
export async function find(
  box: Box,
  root: string,
  request: FindRequest,
  { policy, signal }: { policy: Policy; signal?: AbortSignal },
): Promise<FindResult> {
  const by = (argv: Argv) => () => look(box, root, argv, request, policy, signal);
  return ripgrepOr(by(RIPGREP), by(PLAIN));
}

const RIPGREP: Argv = ["rg", "--files", "--no-config", "--no-messages", "--no-follow", "--hidden", "--glob=!.git"];
/** Where there is no ripgrep: every machine has this, but it knows nothing of what git ignores. */
const PLAIN: Argv = [
  "find",
  ".",
  "(",
  "-name",
  ".git",
  "-o",
  "-name",
  "node_modules",
  ")",
  "-prune",
  "-o",
  "-type",
  "f",
  "-print",
];

async function look(
  box: Box,
  root: string,
  argv: Argv,
  { query, maxResults = MAX_RESULTS }: FindRequest,
  policy: Policy,
  signal?: AbortSignal,
): Promise<FindResult> {
  const ranking = createRanking(query, maxResults);
  const process = await box.run(argv, { cwd: root, traffic: "bulk", ...(signal === undefined ? {} : { signal }) });
  // Where the look is given up it fails with its output, which tells of it.
  const said = readThrough(process.stderr).catch(() => undefined);
  for await (const line of lines(process.stdout, { longest: LONGEST_PATH })) {
    const path = line.replace(/^\.\//, "");
    if (path !== "" && ranking.fits(path) && lets(policy, { act: "see", path })) ranking.add(path);
  }
  // What could not be looked into is left out, as in a search.
  await process.exit;
  await said;
  return ranking.result();
}

async function readThrough(source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _chunk of source);
}
