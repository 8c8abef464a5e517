import { parsePattern, type Match, type Pattern } from "./patterns.ts";

/** What holds secrets wherever it lies, by the names that programs give it; letters' case does not matter. */
const SENSITIVE = [
  // git: tokens in URLs, helpers, programs that run
  ".git/config",
  ".git/config.worktree",
  ".git/hooks",
  ".git/modules/**/config",
  ".git/modules/**/hooks",
  ".git/worktrees/*/config.worktree",
  ".git-credentials",
  ".parallax-credentials",
  ".config/git/credentials",
  // variables
  ".env",
  ".env.*",
  ".envrc",
  // keys
  ".ssh",
  ".gnupg",
  "id_rsa",
  "id_dsa",
  "id_ecdsa",
  "id_ecdsa_sk",
  "id_ed25519",
  "id_ed25519_sk",
  "*.pem",
  "*.key",
  "*.p12",
  "*.pfx",
  "*.jks",
  "*.keystore",
  "*.ppk",
  "*.kdbx",
  // logins
  ".netrc",
  "_netrc",
  ".npmrc",
  ".yarnrc.yml",
  ".pypirc",
  ".pgpass",
  ".my.cnf",
  ".htpasswd",
  ".vault-token",
  ".terraformrc",
  ".aws/credentials",
  ".aws/config",
  ".azure",
  ".config/gcloud",
  ".config/gh/hosts.yml",
  ".docker/config.json",
  ".kube/config",
  ".cargo/credentials",
  ".cargo/credentials.toml",
  ".gem/credentials",
  "credentials.json",
  "credentials.yml",
  "credentials.yaml",
  "credentials.xml",
  "service-account.json",
];

/** Names of those that show what the others look like. */
const HARMLESS = new Set([".env.example", ".env.sample", ".env.template", ".env.dist", ".env.defaults"]);

const PATTERNS: readonly Pattern[] = SENSITIVE.map((text) => parsePattern(`**/${text}`, { ignoreCase: true }));
const GIT = parsePattern("**/.git", { ignoreCase: true });
/** Where git keeps the content of every file it knows, and their names. */
const STORES: readonly Pattern[] = ["objects", "lfs", "rr-cache", "index"].flatMap((store) =>
  [`**/.git/${store}`, `**/.git/modules/**/${store}`, `**/.git/worktrees/*/${store}`].map((text) =>
    parsePattern(text, { ignoreCase: true }),
  ),
);
/** What a segment must look like to have part in any of them: nearly none does, and a listing asks for each of its names. */
const SUSPECT = new RegExp(
  `^(?:${[...new Set(SENSITIVE.flatMap((text) => text.split("/")))]
    .filter((part) => part !== "**" && part !== "*")
    .map(asExpression)
    .join("|")})$`,
  "is",
);

function asExpression(part: string): string {
  return part.replace(/[.+^$()[\]{}|\\]/g, "\\$&").replaceAll("*", ".*");
}

/** What stands for a secret at this path, or would through its name: the pattern, and how it matches. */
export function sensitiveAt(segments: readonly string[]): { pattern: string; match: Match } | undefined {
  if (!segments.some((segment) => SUSPECT.test(segment))) return undefined;
  const harmless = HARMLESS.has((segments.at(-1) ?? "").toLowerCase());
  // A directory of such a name is none of them.
  const above = harmless ? segments.slice(0, -1) : segments;
  let leading: { pattern: string; match: Match } | undefined;
  for (const pattern of PATTERNS) {
    const text = pattern.text.slice(3);
    const match = pattern.match(text === ".env.*" ? above : segments);
    if (match.covers) return { pattern: text, match };
    if (match.through) leading ??= { pattern: text, match };
  }
  return leading;
}

/** Whether it is git's own directory, or in it. */
export function isGitOwn(segments: readonly string[]): boolean {
  return GIT.match(segments).covers;
}

/** Whether it holds what git knows of other files, those that may not be read included. */
export function isGitStore(segments: readonly string[]): boolean {
  return isGitOwn(segments) && STORES.some((pattern) => pattern.match(segments).covers);
}
