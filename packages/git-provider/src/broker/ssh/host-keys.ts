import { createHash, createHmac } from "node:crypto";
import type { Authority } from "../../hosts.ts";

/** What is known of a host's own keys. */
export interface HostKeys {
  /** Of which kinds, so that the host is asked for one that can be compared; empty where that is not known. */
  kinds: readonly string[];
  judge(key: Buffer): "known" | "unknown" | "changed";
}

interface Known {
  kind?: string;
  fingerprint: string;
  revoked?: true;
}

/**
 * The keys that were given with a credential, and only where none were given those in a `known_hosts`. A key is never learnt by
 * meeting it.
 */
export function hostKeys(
  authority: Authority,
  { given, knownHosts }: { given: readonly string[]; knownHosts: string },
): HostKeys {
  const pinned = given.flatMap(readGiven);
  const known = pinned.length > 0 ? pinned : knownHosts.split("\n").flatMap((line) => readLine(line, authority));
  const good = known.filter(({ revoked }) => revoked === undefined);
  return {
    kinds: [...new Set(good.flatMap(({ kind }) => (kind === undefined ? [] : [kind])))],
    judge(key) {
      const fingerprint = fingerprintOf(key);
      const same = known.filter((each) => each.fingerprint === fingerprint);
      if (same.some(({ revoked }) => revoked === true)) return "changed";
      if (same.length > 0) return "known";
      return known.length > 0 ? "changed" : "unknown";
    },
  };
}

/** As ssh-keygen shows it. */
export function fingerprintOf(key: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** The kind of a public key, which stands first in it. */
export function kindOf(key: Buffer): string {
  const length = key.length < 4 ? 0 : key.readUInt32BE(0);
  const kind = key.toString("latin1", 4, 4 + Math.min(length, 64));
  return /^[\w@.-]+$/.test(kind) ? kind : "a key of no known kind";
}

function readGiven(text: string): Known[] {
  if (/^SHA256:[A-Za-z0-9+/]{43}$/.test(text)) return [{ fingerprint: text }];
  const [kind = "", key = ""] = text.split(" ");
  return readKey(kind, key);
}

function readKey(kind: string, base64: string): Known[] {
  const key = Buffer.from(base64, "base64");
  return kindOf(key) === kind ? [{ kind, fingerprint: fingerprintOf(key) }] : [];
}

/** A line of a `known_hosts`, where it is for this host. Authorities that sign hosts' keys are not followed. */
function readLine(line: string, authority: Authority): Known[] {
  const words = line.trim().split(/\s+/);
  const marker = words[0]?.startsWith("@") === true ? words.shift() : undefined;
  const [hosts = "", kind = "", key = ""] = words;
  if (hosts === "" || hosts.startsWith("#") || (marker !== undefined && marker !== "@revoked")) return [];
  if (!isFor(hosts, nameOf(authority))) return [];
  const read = readKey(kind, key);
  return marker === undefined ? read : read.map((each) => ({ ...each, revoked: true as const }));
}

/** How OpenSSH writes it there: with its port in brackets, and without brackets where it has none. */
function nameOf({ host, port }: Authority): string {
  return port === undefined ? host : `[${host}]:${port}`;
}

function isFor(hosts: string, name: string): boolean {
  const hashed = /^\|1\|([^|]+)\|([^|]+)$/.exec(hosts);
  if (hashed !== null) {
    const [, salt = "", hash = ""] = hashed;
    return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
  }
  const patterns = hosts.toLowerCase().split(",");
  const matches = (pattern: string): boolean => matchesPattern(name, pattern);
  if (patterns.some((pattern) => pattern.startsWith("!") && matches(pattern.slice(1)))) return false;
  return patterns.some(matches);
}

/** `*` and `?`, without a regular expression that a line of the file could make slow. */
function matchesPattern(name: string, pattern: string): boolean {
  let reached = new Set([0]);
  for (const sign of pattern.slice(0, 1_000)) {
    const next = new Set<number>();
    for (const at of reached) {
      if (sign === "*") for (let to = at; to <= name.length; to += 1) next.add(to);
      else if (at < name.length && (sign === "?" || sign === name[at])) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(name.length);
}
