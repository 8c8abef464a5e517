/**
 * Paths as somebody might try them, and what becomes of each under a policy without rules of its own: `leads-out` is refused with
 * `path_traversal` before anything is looked up, `no-path` with `invalid_input`, `protected` with `path_not_allowed` for reading and writing, and `name` is taken
 * as the name of a file below the workspace's directory, with nothing in it that means anything else.
 */
export const HOSTILE_PATHS: readonly {
  path: string;
  is: "leads-out" | "no-path" | "protected" | "name";
  why: string;
}[] = [
  ...asKind("leads-out", [
    ["..", "the parent"],
    ["../", "the parent, as a directory"],
    ["../../../../../../etc/passwd", "up to the root"],
    ["src/../../etc/passwd", "up behind a directory"],
    ["src/..", "up to the root itself is up all the same"],
    ["./../x", "up behind a dot"],
    ["a/./../../x", "up behind both"],
    ["a//..//..//x", "up behind empty segments"],
    ["a/b/c/../../../../x", "one more up than down"],
    [`${"a/../".repeat(50)}../x`, "up behind many"],
    ["/etc/passwd", "absolute"],
    ["/", "the root"],
    ["//etc/passwd", "absolute with two slashes (CVE-2025-53109)"],
    ["/../etc/passwd", "absolute and up"],
    ["/proc/self/environ", "the agent's own environment"],
    ["/proc/1/root/etc/shadow", "a process's root"],
    ["/dev/fd/0", "a descriptor"],
    ["/home/workspace-evil/x", "a sibling by prefix (CVE-2025-53110)"],
    ["../repo-evil/x", "a sibling by prefix, relatively (CVE-2025-53110)"],
    ["x\0", "NUL at the end"],
    ["x\0.png", "NUL before an ending (CVE-2006-7243)"],
    ["\0", "NUL alone"],
    ["../x\0", "up and NUL"],
  ]),
  ...asKind("no-path", [
    ["\ud800", "half a character"],
    ["a/\udc00/b", "the other half"],
    ["n".repeat(256), "a name longer than one can be"],
    [`${"d/".repeat(2_050)}x`, "a path longer than one can be"],
    ["é".repeat(128), "a name whose bytes are too many"],
  ]),
  ...asKind("protected", [
    [".git/config", "where git keeps addresses and runs helpers"],
    [".git//config", "the same with two slashes"],
    ["./.git/./config", "the same with dots"],
    [".GIT/Config", "the same where case does not count (CVE-2014-9390)"],
    [".git/hooks/pre-commit", "what git runs"],
    ["vendor/lib/.git/config", "of a repository within"],
    [".git/modules/lib/hooks/post-checkout", "of a submodule (CVE-2024-32002)"],
    [".env", "variables"],
    [".env.production", "variables of one place"],
    ["packages/api/.ENV.local", "variables, further down"],
    [".ssh/authorized_keys", "who may log in"],
    ["id_rsa", "a key"],
    ["keys/deploy.pem", "a key by its ending"],
    ["config/tls.KEY", "a key by its ending, in capitals"],
    [".aws/credentials", "a login"],
    [".npmrc", "a registry's login"],
    [".netrc", "logins"],
    [".docker/config.json", "a registry's login"],
    ["app/credentials.json", "a service's login"],
  ]),
  ...asKind("name", [
    ["...", "three dots"],
    ["..a", "dots before a name"],
    ["a..", "dots after a name"],
    ["%2e%2e/%2e%2e/x", "escaped once (CVE-2021-41773)"],
    ["%252e%252e/x", "escaped twice (CVE-2021-42013)"],
    ["..\\..\\x", "another system's slashes"],
    ["C:\\windows\\win.ini", "another system's root"],
    ["\u2025/x", "one character that looks like two dots"],
    ["\uff0e\uff0e\uff0fx", "full-width dots and slash"],
    ["--output=x", "an option (CVE-2025-68144)"],
    ["-rf", "an option"],
    [":(top)x", "git's magic"],
    ["*", "a pattern"],
    ["$(id)", "a shell's substitution"],
    ["`id`", "the same, older"],
    ["a;id", "a shell's next command"],
    ["a\nb", "two lines"],
    ["\u001b[2J", "an escape sequence"],
    ["~", "a home"],
    ["~root/x", "another's home"],
    [" ", "a blank"],
    ["<img src=x onerror=alert(1)>", "markup"],
  ]),
];

function asKind<K extends string>(
  is: K,
  rows: readonly (readonly [string, string])[],
): { path: string; is: K; why: string }[] {
  return rows.map(([path, why]) => ({ path, is, why }));
}
