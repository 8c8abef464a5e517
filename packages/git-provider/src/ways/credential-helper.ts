import { type Box, shellWord, type WorkspaceId } from "@ws/workspace-core";
import { formatAuthority } from "../hosts.ts";
import { parseRepositoryUrl } from "../repo-url.ts";
import { type Outcome, runToEnd } from "../run-git.ts";

/** What a workspace's helper for git credentials is made of; the text itself is made elsewhere. */
export interface HelperOf {
  workspace: WorkspaceId;
  execution?: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  protocol: "https";
  host: string;
  /** Without a slash before it. */
  path: string;
  /** What it answers with: good only on this workspace's own way to the worker. */
  capability: string;
}

export interface HelperPlace {
  /** Where the repository lies in the workspace. */
  directory: string;
  /** As `Git.parseUrl` gives it. */
  url: string;
  signal?: AbortSignal;
}

/**
 * Puts a helper script into a repository, for its own URL and out of sight of its status. False where there is no
 * repository yet, or one that has a file of that name itself.
 */
export async function installHelper(box: Box, place: HelperPlace, script: string): Promise<boolean> {
  const helper = `!${shellWord(`${place.directory}/${FILE}`)}`;
  const { code } = await inRepository(box, place, [INSTALL, helper], script);
  return code === 0;
}

/** Overwrites what the script holds, then removes it and its setting; none is success. */
export async function removeHelper(box: Box, place: HelperPlace): Promise<void> {
  await inRepository(box, place, [REMOVE]);
}

/** The host and path for which git asks, as they stand in a repository's URL. */
export function askedFor(url: string): Pick<HelperOf, "host" | "path"> {
  const host = formatAuthority(parseRepositoryUrl(url));
  return { host, path: url.slice(`https://${host}/`.length) };
}

const FILE = ".parallax-credentials";

// One program for all, because each costs a round trip. It runs as the workspace's user, in what is the workspace's own.
const INSTALL = `set -e
exclude=$(git rev-parse --git-path info/exclude 2>/dev/null)
if git ls-files --error-unmatch -- ${FILE} >/dev/null 2>&1; then exit 1; fi
mkdir -p "$(dirname "$exclude")"
grep -qxF /${FILE} "$exclude" 2>/dev/null || printf '\\n/%s\\n' ${FILE} >>"$exclude"
new=$(mktemp "$(git rev-parse --git-dir)/helper-XXXXXX")
chmod 700 "$new"
cat >"$new"
mv -fT "$new" ${FILE} 2>/dev/null || mv -f "$new" ${FILE}
git config --local --replace-all "credential.$1.helper" "$2"
git config --local --replace-all "credential.$1.useHttpPath" true`;

// In place: what takes the place of a file leaves the old one's content on the disk. A link is not followed.
const REMOVE = `test -e ${FILE} || test -L ${FILE} || exit 0
if git ls-files --error-unmatch -- ${FILE} >/dev/null 2>&1; then exit 0; fi
if test -f ${FILE} && ! test -L ${FILE}; then
  dd if=/dev/zero of=${FILE} bs="$(wc -c <${FILE})" count=1 conv=notrunc,fsync 2>/dev/null
fi
rm -f ${FILE}
git config --local --remove-section "credential.$1" 2>/dev/null || true`;

function inRepository(
  box: Box,
  { directory, url, signal }: HelperPlace,
  [script, ...more]: readonly [string, ...string[]],
  stdin?: string,
): Promise<Outcome> {
  return runToEnd(box, ["sh", "-c", script, "sh", url, ...more], {
    cwd: directory,
    ...(stdin === undefined ? {} : { stdin }),
    ...(signal === undefined ? {} : { signal }),
  });
}
