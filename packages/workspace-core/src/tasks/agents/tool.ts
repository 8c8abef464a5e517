import type { Argv } from "../../box.ts";
import type { AgentPermissions, AgentUsage, TaskFailure, TaskQuestion } from "../task.ts";

/** A coding tool that is started with a prompt on its stdin, and says on stdout what it does. */
export interface AgentTool {
  /** The name under which tasks ask for it. */
  readonly name: string;
  command(ask: AgentAsk): { argv: Argv; env?: Readonly<Record<string, string>> };
  /** A new one for each run, which is given all that the run says on stdout, from its first line on. */
  reader(): AgentReader;
  /** What its stderr means, where it said nothing on stdout that counts. */
  explain?(errors: string): Partial<Pick<AgentSaid, "limited" | "lockedOut" | "failed">>;
  /** The variables that it takes its key from, the strongest first; empty where it needs none, or nobody can know. */
  keys(model?: string): readonly string[];
  /** The files below the home in which a login of its own is kept. */
  readonly logins: readonly string[];
  /** Whether it is only started with a model that was asked for: left to itself it would choose whoever answers. */
  readonly needsModel?: boolean;
}

/** A server of tools (Model Context Protocol) that answers over HTTP. */
export interface ToolServer {
  /** Lowercase letters, digits and dashes. */
  name: string;
  url: string;
}

export interface AgentAsk {
  /** The conversation that it goes on with; a new one where absent. */
  session?: string;
  model?: string;
  permissions: AgentPermissions;
  /** The servers whose tools it may use; it is given no others, whatever a repository says. */
  servers?: readonly ToolServer[];
  /** What its workspace's processes are given. */
  variables: Readonly<Record<string, string>>;
}

/** Takes in what a tool says, line by line; the same lines give the same answer, and none makes it throw. */
export interface AgentReader {
  line(text: string): void;
  /** What is known by now. */
  said(): AgentSaid;
}

export interface AgentSaid {
  session?: string;
  /** What it said at last, to people. */
  text?: string;
  usage?: AgentUsage;
  /** It met a usage limit: until then, in milliseconds since the epoch, or as its message says it. */
  limited?: { until?: number; text?: string };
  /** It has no key, or none that holds; in the tool's own words. */
  lockedOut?: string;
  asked?: TaskQuestion;
  failed?: TaskFailure;
  /**
   * Whether it said that it had come to its end: `surely` where its exit code adds nothing to that, `maybe` where the code may say otherwise, and `code` where
   * it says nothing of it and only the code does.
   */
  finished: false | "code" | "maybe" | "surely";
}
