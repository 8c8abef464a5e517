import { type Box, isWsError, throwIfAborted } from "@ws/workspace-core";
import { sshRewrites } from "../broker/protocol/ssh-place.ts";
import { IDENTITY, quote } from "./identity.ts";
import { runToEnd } from "../run-git.ts";

export interface Led {
  port: number;
  capability: string;
  /** URLs of repositories that are led beside all of https. */
  ssh: readonly string[];
}

/** Where the image's system configuration looks; other places get a file in the home. */
const RUN = "/run/ws";

/**
 * Writes the include that leads https through the forward, so that `.git/config` keeps the real URL, and makes sure that
 * git reads it. Written last and whole: what git reads the workspace may have made to hold this up for ever. Resolves to where
 * it lies.
 */
export async function writeInclude(box: Box, forward: Led, signal?: AbortSignal): Promise<string> {
  const abortable = signal === undefined ? {} : { signal };
  const path = await includePath(box, signal);
  const running = { cwd: "/", ...abortable };
  // Not every image's system configuration names it, and on a worker without containers that file is the worker's.
  const known = await runToEnd(box, ["git", "config", "--get-all", "include.path"], running);
  if (!known.stdout.split("\n").includes(path)) {
    await runToEnd(box, ["git", "config", "--file", `${box.home}/.gitconfig`, "--add", "include.path", path], running);
  }
  await box.files.mkdir(path.slice(0, path.lastIndexOf("/")), signal);
  await rewriteInclude(box, { path, forward }, signal);
  return path;
}

/** Writes what it says by now. */
export async function rewriteInclude(
  box: Box,
  { path, forward }: { path: string; forward: Led },
  signal?: AbortSignal,
): Promise<void> {
  const abortable = signal === undefined ? {} : { signal };
  await box.files.write(path, new TextEncoder().encode(includeText(box, forward)), { mode: 0o600, ...abortable });
}

/** Removes the include of an earlier connection, and tells whether there was one: without a forward git goes directly. */
export async function removeInclude(box: Box, signal?: AbortSignal): Promise<boolean> {
  if (box.missing.includes("files")) return false;
  let wasThere = false;
  for (const path of [`${RUN}/gitconfig`, homePath(box)]) {
    if (!(await isOurs(box, path, signal))) continue;
    await box.files.remove(path, signal);
    wasThere = true;
  }
  return wasThere;
}

async function includePath(box: Box, signal: AbortSignal | undefined): Promise<string> {
  const run = await box.files.stat(RUN, signal).catch(() => undefined);
  if (run?.type !== "directory") return homePath(box);
  const path = `${RUN}/gitconfig`;
  const stranger = await box.files.stat(path, signal).catch(() => undefined);
  // A worker may itself run inside a workspace; then this file leads to the outer worker.
  return stranger === undefined ? path : homePath(box);
}

function homePath(box: Box): string {
  return `${box.home}/.config/git/ws-forward`;
}

async function isOurs(box: Box, path: string, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    const wanted = `# ${box.id}:`;
    let head = "";
    const abortable = signal === undefined ? {} : { signal };
    for await (const chunk of box.files.read(path, { length: wanted.length, ...abortable })) {
      head += Buffer.from(chunk).toString("latin1");
      if (head.length >= wanted.length) break;
    }
    return head.startsWith(wanted);
  } catch (error) {
    throwIfAborted(signal);
    if (isWsError(error, "box_closed")) throw error;
    return false;
  }
}

/** Where what runs in the place reaches the worker. */
export function forwardOrigin(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function includeText(box: Box, { port, capability, ssh }: Led): string {
  const origin = forwardOrigin(port);
  const { led, left } = sshRewrites(ssh);
  const urls = [
    ...led.map(({ spelled, led: to }) => ({ spelled, to: `${origin}/${capability}/${to}` })),
    ...left.map((spelled) => ({ spelled, to: spelled })),
  ];
  return `# ${box.id}: written by the worker at each connect; changes are lost.
[url "${origin}/${capability}/"]
	insteadOf = https://
${urls.map(({ spelled, to }) => `[url "${to}"]\n\tinsteadOf = ${spelled}\n`).join("")}[http "${origin}/"]
	proxy =
[credential "${origin}"]
	useHttpPath = true
	helper = ${quote(credentialHelper(capability))}
[lfs "${origin}/"]
	locksverify = true
[push]
	autoSetupRemote = true
[include]
	path = ${IDENTITY}
`;
}

/**
 * Git asks for credentials in the forward's name. This asks again in the real host's, so that the user's own helpers
 * match and a prompt names the host that the user knows. Where nobody knows any, the capability is shown in its place:
 * the worker then says in words what is missing, and git's own complaint that it cannot ask is left out.
 */
function credentialHelper(capability: string): string {
  return [
    "!f() {",
    "case $1 in get) verb=fill;; store) verb=approve;; erase) verb=reject;; *) return;; esac;",
    "told=$(cat);",
    `case $verb$told in fill*) ;; *password=${capability}*) return;; esac;`,
    "found=$(printf '%s\\n' \"$told\" | while IFS= read -r line; do case $line in",
    `path=${capability}/*) rest=\${line#path=${capability}/}; host=\${rest%%/*};`,
    `printf 'protocol=https\\nhost=%s\\npath=%s\\n' "\${host##*@}" "\${rest#*/}";;`,
    `username=* | password=*) printf '%s\\n' "$line";;`,
    "esac; done | if (: </dev/tty) 2>/dev/null; then git credential $verb; else",
    "{ git credential $verb 2>&1 >&3 | sed '/^fatal: could not read /d' >&2; } 3>&1; fi",
    "| grep -E '^(username|password|password_expiry_utc)=');",
    `if test -n "$found"; then printf '%s\\n' "$found";`,
    `elif test $verb = fill; then printf 'username=x-access-token\\npassword=${capability}\\n'; fi;`,
    "}; f",
  ].join(" ");
}
