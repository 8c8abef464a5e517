/** A git configuration file; keys are written out in full, such as `url.https://host/.insteadOf`. */
export function configText(entries: readonly (readonly [key: string, value: string])[]): string {
  return entries.map(([key, value]) => `${section(key)}\n\t${lastPart(key)} = ${quote(value)}\n`).join("");
}

function section(key: string): string {
  const [first, last] = [key.indexOf("."), key.lastIndexOf(".")];
  const name = key.slice(0, first);
  return first === last ? `[${name}]` : `[${name} ${quote(key.slice(first + 1, last))}]`;
}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf(".") + 1);
}

function quote(value: string): string {
  return `"${value.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}

/**
 * What old programs wrote into histories that everybody clones all the same; what would do harm where it is checked out is
 * still refused.
 */
const TOLERATED = [
  "badDate",
  "badDateOverflow",
  "badEmail",
  "badName",
  "badTimezone",
  "missingEmail",
  "missingNameBeforeEmail",
  "missingSpaceBeforeDate",
  "missingSpaceBeforeEmail",
  "multipleAuthors",
  "nulInCommit",
  "zeroPaddedDate",
  "zeroPaddedFilemode",
];

/** What git on the worker may do while it fetches. */
export const INCOMING_CONFIG: readonly (readonly [string, string])[] = [
  ["core.repositoryFormatVersion", "0"],
  ["core.bare", "true"],
  ["core.hooksPath", "/dev/null"],
  ["core.logAllRefUpdates", "false"],
  ["credential.helper", ""],
  ["protocol.allow", "never"],
  ["protocol.https.allow", "always"],
  ["http.followRedirects", "false"],
  ["http.lowSpeedLimit", "1"],
  ["http.lowSpeedTime", "300"],
  ["fetch.recurseSubmodules", "false"],
  // Whatever comes stays a pack, which is one link for each workspace.
  ["fetch.unpackLimit", "1"],
  ["fetch.writeCommitGraph", "false"],
  ["fetch.fsckObjects", "true"],
  ...TOLERATED.map((name) => [`fetch.fsck.${name}`, "ignore"] as const),
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
];
