import type { Argv, Box } from "../../box.ts";
import { WsError } from "../../errors.ts";
import { excerpt } from "../../names.ts";
import { lines } from "../../lines.ts";
import { lets } from "../../policy/lets.ts";
import type { Policy } from "../../policy/policy.ts";
import { ripgrepOr } from "../ripgrep-or.ts";
import { beginningOf } from "./beginning-of.ts";
import { parsePlainGrep, plainGrepArgv } from "./plain-grep.ts";
import type { GrepLine, GrepRequest } from "./request.ts";
import { parseRipgrep, ripgrepArgv } from "./ripgrep.ts";
import { tooLargeFiles } from "./too-large.ts";

export interface GrepMatch {
  path: string;
  line: number;
  /** Without its line end, at most 1,000 characters. */
  text: string;
  before?: string[];
  after?: string[];
}

export interface GrepResult {
  matches: GrepMatch[];
  truncated: boolean;
  /** Files of more than 16 MiB, which were not searched, at most a hundred; absent where there are none, and where matches are truncated. */
  tooLarge?: string[];
}

const MAX_RESULTS = 100;
/** A line that is longer, as in what was minified, is no line that anybody reads. */
const LONGEST_OUTPUT_LINE = 4 * 1024 * 1024;

/** Searches inside the workspace; what the policy does not let be read is left out. Throws `invalid_input` for no pattern at all. */
export async function grep(
  box: Box,
  root: string,
  request: GrepRequest,
  { policy, signal }: { policy: Policy; signal?: AbortSignal },
): Promise<GrepResult> {
  const by = (argv: Argv, parse: Parse) => search(box, root, argv, parse, request, policy, signal);
  return ripgrepOr(
    () => withTooLarge(by(ripgrepArgv(request), parseRipgrep)),
    () => by(plainGrepArgv(request), parsePlainGrep),
  );

  async function withTooLarge(searching: Promise<GrepResult>): Promise<GrepResult> {
    const over = new AbortController();
    const ending = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
    const looking = tooLargeFiles(box, root, request, { policy, signal: ending });
    looking.catch(() => undefined);
    try {
      const found = await searching;
      if (found.truncated) return found;
      const tooLarge = await looking;
      return tooLarge.length === 0 ? found : { ...found, tooLarge };
    } finally {
      over.abort();
    }
  }
}

type Parse = (line: string) => GrepLine | undefined;

async function search(
  box: Box,
  root: string,
  argv: Argv,
  parse: Parse,
  request: GrepRequest,
  policy: Policy,
  signal?: AbortSignal,
): Promise<GrepResult> {
  const enough = new AbortController();
  const ending = signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]);
  const process = await box.run(argv, { cwd: root, signal: ending, traffic: "bulk" });
  const exit = process.exit.catch((error: unknown) => {
    if (enough.signal.aborted) return undefined;
    throw error;
  });
  // Where the search is given up its output fails first, and nobody waits for this.
  exit.catch(() => undefined);
  // It fails where it was ended early, as its exit does.
  const said = beginningOf(process.stderr, 2_000).catch(() => "");
  const found = createFound(request);
  for await (const line of lines(process.stdout, { longest: LONGEST_OUTPUT_LINE })) {
    const told = line === "" ? undefined : parse(line);
    if (told === undefined || !lets(policy, { act: "read", path: told.path })) continue;
    if (found.add(told) === "more") continue;
    enough.abort();
    break;
  }
  const ended = await exit;
  // 1 says that there is no match; 2 may also say that one of many files could not be read.
  if (ended !== undefined && ended.code > 1 && found.result().matches.length === 0)
    throw refused(request.pattern, (await said).trim());
  return found.result();
}

function createFound({ maxResults = MAX_RESULTS, context = 0 }: GrepRequest) {
  const matches: GrepMatch[] = [];
  let truncated = false;
  let beside: GrepLine[] = [];
  return {
    add(told: GrepLine): "more" | "enough" {
      if (told.matches && matches.length === maxResults) {
        truncated = true;
        return "enough";
      }
      const near = (line: GrepLine): boolean =>
        line.path === told.path && line.line >= told.line - context && line.line < told.line;
      for (const match of matches.slice(-2 * context - 1)) {
        if (match.path === told.path && told.line > match.line && told.line <= match.line + context)
          match.after?.push(told.text);
      }
      if (told.matches) {
        const { path, line, text } = told;
        const before = beside.filter(near).map((other) => other.text);
        matches.push({ path, line, text, ...(context === 0 ? {} : { before, after: [] }) });
      }
      beside = [...beside.slice(-context), told];
      return "more";
    },
    result: (): GrepResult => ({ matches, truncated }),
  };
}

function refused(pattern: string, said: string): WsError {
  const [why = ""] = said
    .split("\n")
    .filter((line) => /error/i.test(line))
    .slice(-1);
  return new WsError("invalid_input", {
    message: `'${excerpt(pattern)}' cannot be searched for${said === "" ? "" : `: ${excerpt(why === "" ? said : why)}`}.`,
    next: "Escape what is not meant as part of a regular expression, or search for plain text.",
    data: { field: "pattern" },
  });
}
