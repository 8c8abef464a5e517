import type { AllocatedWorkspace } from "../provider.ts";

const SUFFIXES = ["PRE_ALLOCATED", "WORKSPACE_NUM", "WORKSPACE_DIR"] as const;

/**
 * The environment of a launch. What an earlier launch left of any known prefix is removed first, so that a launch inside
 * another's workspace does not take that for its own. Number 0 waits: it has a number and nothing else.
 */
export function launchEnvironment(
  inherited: Readonly<Record<string, string>>,
  options: {
    prefixes: readonly string[];
    prefix: string | undefined;
    workspace: AllocatedWorkspace;
    allocates: boolean;
  },
): Record<string, string> {
  const { prefixes, prefix, workspace, allocates } = options;
  const stale = new Set(prefixes.flatMap((one) => SUFFIXES.map((suffix) => `${one}_${suffix}`)));
  const kept = Object.entries(inherited).filter(([name]) => !stale.has(name) && !OURS.test(name));
  const { number, directory } = workspace;
  const own =
    prefix === undefined || !allocates
      ? {}
      : {
          ...(number === 0 ? {} : { [`${prefix}_PRE_ALLOCATED`]: "1" }),
          [`${prefix}_WORKSPACE_NUM`]: String(number),
          ...(number === 0 || directory === undefined ? {} : { [`${prefix}_WORKSPACE_DIR`]: directory }),
        };
  return { ...Object.fromEntries(kept), ...own };
}

/** Also of providers that are gone by now. */
const OURS = /^WS_[A-Z0-9_]+_(?:PRE_ALLOCATED|WORKSPACE_NUM|WORKSPACE_DIR)$/;
