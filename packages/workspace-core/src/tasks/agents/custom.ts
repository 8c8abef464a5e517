import type { Argv } from "../../box.ts";
import { CLAUDE } from "./claude.ts";
import { CODEX } from "./codex.ts";
import { kept, lastLine } from "./json.ts";
import { OPENCODE } from "./opencode.ts";
import type { AgentReader, AgentSaid, AgentTool } from "./tool.ts";

/** A coding tool as its user describes it. It is given its prompt on stdin. */
export interface CustomTool {
  /** Its command: `{model}` stands for the model; a word with it is left out, with the option before it, where none was asked for. */
  argv: readonly string[];
  /** The words after it that go on with a conversation, in which `{session}` stands for its name; without them none is gone on with. */
  resume?: readonly string[];
  /** How what it says is read. Of `text` only the exit code counts. */
  output: "text" | "claude" | "codex" | "opencode";
  /** The variables that it takes its key from, any of which will do. */
  keys?: readonly string[];
  /** What its stderr contains where it met a usage limit, and where it could not log in; in either case of letters. */
  limitText?: string;
  loginText?: string;
}

const KNOWN = { claude: CLAUDE, codex: CODEX, opencode: OPENCODE } as const;

export function customTool(name: string, custom: CustomTool): AgentTool {
  const { resume = [], output, keys = [], limitText, loginText } = custom;
  return {
    name,
    command({ session, model }) {
      const further = session === undefined ? [] : resume;
      const words = [...withModel(custom.argv, model), ...further].map((word) =>
        session === undefined ? word : word.replaceAll("{session}", session),
      );
      return { argv: words as unknown as Argv };
    },
    reader: () => (output === "text" ? createTextReader() : withoutSession(KNOWN[output].reader(), resume.length > 0)),
    explain(errors) {
      const has = (text: string | undefined): boolean =>
        text !== undefined && text !== "" && errors.toLowerCase().includes(text.toLowerCase());
      if (has(limitText)) return { limited: { text: errors.slice(-2_000) } };
      return has(loginText) ? { lockedOut: lastLine(errors) } : {};
    },
    keys: () => keys,
    logins: [],
  };
}

function withModel(argv: readonly string[], model: string | undefined): string[] {
  if (model !== undefined) return argv.map((word) => word.replaceAll("{model}", model));
  return argv.filter((word, index) => {
    const isOption = word.startsWith("-") && argv[index + 1] === "{model}";
    return !word.includes("{model}") && !isOption;
  });
}

/** A conversation that cannot be gone on with is none. */
function withoutSession(reader: AgentReader, canResume: boolean): AgentReader {
  if (canResume) return reader;
  return {
    line: reader.line,
    said() {
      const { session: _session, ...said } = reader.said();
      return said;
    },
  };
}

const MOST = 8_192;

/** What prints no more than text. */
function createTextReader(): AgentReader {
  let lines: string[] = [];
  let length = 0;
  const last = (): string => lines.join("\n").slice(-MOST);
  return {
    line(line) {
      const part = line.slice(0, MOST);
      lines.push(part);
      length += part.length + 1;
      // Cut only now and then: a flood of short lines would be copied for each of them.
      if (length < 2 * MOST) return;
      lines = [last()];
      length = MOST;
    },
    said(): AgentSaid {
      const text = last();
      return { finished: "code", ...(text.trim() === "" ? {} : { text: kept(text) }) };
    },
  };
}
