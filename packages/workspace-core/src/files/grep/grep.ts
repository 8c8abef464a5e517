import type { Argv, Box } from "../../box.ts";
import { isWsError, WsError } from "../../errors.ts";
import { excerpt } from "../../names.ts";
import { lines } from "../../lines.ts";
import type { Policy } from "../../policy/policy.ts";
import { parsePlainGrep, plainGrepArgv } from "./plain-grep.ts";
import type { GrepLine, GrepRequest } from "./request.ts";
import { parseRipgrep, ripgrepArgv } from "./ripgrep.ts";

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
  try {
    return await search(box, root, ripgrepArgv(request), parseRipgrep, request, policy, signal);
  } catch (error) {
    if (!isWsError(error, "command_not_found")) throw error;
    return search(box, root, plainGrepArgv(request), parsePlainGrep, request, policy, signal);
  }
}

async function search(
  box: Box,
  root: string,
  argv: Argv,
  parse: (line: string) => GrepLine | undefined,
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
  const said = firstOf(process.stderr);
  const found = createFound(request);
  for await (const line of lines(process.stdout, { longest: LONGEST_OUTPUT_LINE })) {
    const told = line === "" ? undefined : parse(line);
    if (told === undefined || policy.decide({ act: "read", path: told.path }) !== undefined) continue;
    if (found.add(told) === "more") continue;
    enough.abort();
    break;
  }
  const ended = await exit;
  // 1 says that there is no match; 2 may also say that one of many files could not be read.
  if (ended !== undefined && ended.code > 1 && found.result().matches.length === 0)
    throw refused(request.pattern, await said);
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

/** What it said, as far as an error shows it; the rest is read, so that nothing waits. */
async function firstOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  let said = "";
  const decoder = new TextDecoder();
  try {
    for await (const chunk of source) if (said.length < 2_000) said += decoder.decode(chunk, { stream: true });
  } catch {
    // It was ended early.
  }
  return said.trim();
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
