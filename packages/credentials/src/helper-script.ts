import { excerpt, WsError } from "@ws/workspace-core";

export interface HelperScript {
  workspace: string;
  execution?: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** What git has to ask for, exactly; the path without a slash before it, as git gives it. */
  protocol: "https" | "http";
  host: string;
  path: string;
  /** What it answers with: a right to use the worker's broker, never a token of the forge. */
  capability: string;
}

export interface HelperHeader {
  workspace: string;
  execution?: string;
  expiresAt: number;
}

/** Who the password is for, at forges and at the broker. */
const USERNAME = "x-access-token";
const NO_EXECUTION = "none";
/** Nothing of these can end a word, a quote or a line. */
const FIT = {
  workspace: /^ws-[a-z0-9-]{1,64}$/,
  execution: /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/,
  host: /^[a-z0-9.[\]:-]{1,260}$/,
  path: /^[\w.~+@=,-]+(?:\/[\w.~+@=,-]+)*$/,
  capability: /^[A-Za-z0-9_-]{16,512}$/,
} as const;

/**
 * A git credential helper for one workspace and one repository: it answers `get` for exactly its protocol, host and path
 * until it expires, and nothing else. Plain sh. Git sends a path only with `credential.useHttpPath`. Throws `invalid_input`.
 */
export function makeHelperScript(script: HelperScript): string {
  const { workspace, execution, expiresAt, protocol, host, capability } = script;
  const path = script.path.replace(/\.git$/, "");
  for (const [field, value] of Object.entries({ workspace, execution, host, path, capability })) {
    if (value !== undefined && !FIT[field as keyof typeof FIT].test(value)) throw unfit(field, value);
  }
  return `#!/bin/sh
# Workspace: ${workspace}
# Execution: ${execution ?? NO_EXECUTION}
# Expires: ${new Date(expiresAt).toISOString()}

LC_ALL=C
[ "$1" = get ] || exit 0
[ "$(date -u +%s)" -lt ${Math.floor(expiresAt / 1_000)} ] 2>/dev/null || exit 0
protocol= host= path=
while IFS= read -r line; do
  case $line in
    '') break ;;
    *[![:print:]]*) exit 0 ;;
    protocol=*) protocol=\${line#protocol=} ;;
    host=*) host=\${line#host=} ;;
    path=*) path=\${line#path=} ;;
    url=*) exit 0 ;;
  esac
done
[ "$protocol" = '${protocol}' ] || exit 0
[ "$host" = '${host}' ] || exit 0
[ "$path" = '${path}' ] || [ "$path" = '${path}.git' ] || exit 0
echo 'protocol=${protocol}'
echo 'host=${host}'
echo 'username=${USERNAME}'
echo 'password=${capability}'
`;
}

/** What such a script says of itself; undefined where the text is none. */
export function parseHelperScript(text: string): HelperHeader | undefined {
  const found = /^#!\/bin\/sh\n# Workspace: (.+)\n# Execution: (.+)\n# Expires: (.+)\n/.exec(text);
  if (found === null) return undefined;
  const [, workspace = "", execution = "", expires = ""] = found;
  const expiresAt = Date.parse(expires);
  if (Number.isNaN(expiresAt)) return undefined;
  return { workspace, expiresAt, ...(execution === NO_EXECUTION ? {} : { execution }) };
}

function unfit(field: string, value: string): WsError {
  const shown = field === "capability" ? "The capability" : `'${excerpt(value)}'`;
  return new WsError("invalid_input", {
    message: `${shown} cannot stand in a credential helper as its ${field}.`,
    data: { field },
  });
}
