import { WsError } from "../errors.ts";
import { excerpt } from "../names.ts";
import { parseRules, type PolicyRules } from "../policy/rules.ts";
import { requireTerminalId } from "../terminals/terminal-id.ts";
import { fetchRules, type FetchSettings } from "./fetch.ts";
import { publishRules, type PublishSettings } from "./publish.ts";

/** What a token can be limited to: one end of a pipeline, or a look at one terminal, and nothing else. */
export type Handler =
  | { kind: "fetch"; settings: FetchSettings }
  | { kind: "publish"; settings: PublishSettings }
  | { kind: "terminal"; settings: WatchSettings };

/** A look at one terminal. */
export interface WatchSettings {
  /** The workspace's name. */
  repo: string;
  /** Its id. */
  terminal: string;
  /** The worker that it is on, where that is another than this one, by its id. */
  worker?: string;
}

/** What a handler may do. */
export type HandlerAbility = "ls" | "read" | "packets" | "write" | "edit" | "pull" | "add" | "commit" | "push";

/** Throws `invalid_input`, naming the setting, where the settings contradict one another or make no rules. */
export function parseHandler(handler: Handler): Handler {
  if (handler.kind === "publish") {
    const { branch_mode: mode = "current", fixed_branch: branch } = handler.settings;
    if (mode === "fixed" && branch === undefined) {
      throw unfit("fixed_branch", "is missing: branch_mode 'fixed' needs the branch that is published to");
    }
    if (mode === "current" && branch !== undefined) {
      throw unfit("branch_mode", "is 'current', which leaves no meaning to a fixed_branch");
    }
    if (handler.settings.writable_paths.length === 0) throw unfit("writable_paths", "names nothing to write to");
  }
  if (handler.kind === "terminal") requireTerminalId(handler.settings.terminal);
  handlerRules(handler);
  return handler;
}

/** As many sets of rules as it takes: what one of them forbids is forbidden. */
export function handlerRules(handler: Handler): readonly PolicyRules[] {
  if (handler.kind === "terminal") return [parseRules({ readOnly: true })];
  const rules = handler.kind === "fetch" ? fetchRules(handler.settings) : [publishRules(handler.settings)];
  return rules.map(parseRules);
}

export function handlerAbilities(handler: Handler): readonly HandlerAbility[] {
  if (handler.kind === "terminal") return [];
  if (handler.kind === "fetch") return ["ls", "read", "packets"];
  const { commit_enabled: commits = false, push_enabled: pushes = false } = handler.settings;
  return [
    "write",
    "edit",
    "pull",
    ...(commits ? (["add", "commit"] as const) : []),
    ...(pushes ? (["push"] as const) : []),
  ];
}

function unfit(field: string, why: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `'${excerpt(field)}' ${why}.`,
    next: "See what a handler takes: ws fetch --help, ws publish --help.",
    data: { field: excerpt(field) },
  });
}
