import { WsError } from "@ws/workspace-core";
import { untrustedIn } from "./broker/ssh/untrusted.ts";

type Failure =
  | "authentication_failed"
  | "repository_not_found"
  | "repository_unreachable"
  | "disk_full"
  | "clone_failed";

// In this order: a full disk also breaks the connection, and a refused login also reads as a missing repository.
const SIGNS: readonly (readonly [RegExp, Failure])[] = [
  [/No space left on device|Disk quota exceeded/i, "disk_full"],
  [/Workspace cannot log in/, "authentication_failed"],
  [/Workspace cannot reach|Workspace does not lead/, "repository_unreachable"],
  [/ERROR: Repository not found|does not appear to be a git repository/i, "repository_not_found"],
  [
    /Workspace has no grant|Authentication failed|could not read (?:Username|Password)|Permission denied \(|returned error: 40[13]/i,
    "authentication_failed",
  ],
  [/repository '.*' not found|returned error: 404|Repository not found/i, "repository_not_found"],
  [
    /Could not resolve host|Failed to connect|Connection (?:refused|timed out|reset)|Operation timed out/i,
    "repository_unreachable",
  ],
  [
    /certificate|SSL|TLS|Network is unreachable|No route to host|Host key verification failed/i,
    "repository_unreachable",
  ],
  [
    /Empty reply from server|returned error: 5\d\d|unable to look up|Could not read from remote/i,
    "repository_unreachable",
  ],
];

// The worker's own words: what git in the workspace itself does not trust, no setting of the worker's changes.
const UNTRUSTED = /certificate is signed by (?:itself|an authority)/;
const TRUST =
  "Name the certificate of who signed it on the worker: 'ws config set git.ca FILE' (or WS_GIT_CA). Then start the agent again and repeat this.";

// The worker's own words about its credential: what is wrong, and then the next step as a sentence of its own.
const LOGIN = /^Workspace cannot log in: (.+?)\. (\S.*)$/;

/** `because` is git's reason after a colon, or nothing. */
const WORDS: Record<Failure, (url: string, because: string) => { message: string; next: string }> = {
  authentication_failed: (url) => ({
    message: `Authentication failed for '${url}': it is private, or does not exist.`,
    next: `Check the URL; for a private repository give the worker a credential: ${waysIn(url)}.`,
  }),
  repository_not_found: (url) => ({ message: `Repository not found: '${url}'.`, next: "Check the URL." }),
  repository_unreachable: (url, because) => ({
    message: `The server of '${url}' cannot be reached${because}.`,
    next: isSsh(url)
      ? "Check the host name, the port and the network, then try again."
      : "Check the host name, the network and the server's certificate, then try again.",
  }),
  disk_full: (url) => ({
    message: `The disk filled up while '${url}' was cloned.`,
    next: "Free some space: 'ws list' shows the workspaces, 'ws delete' removes one.",
  }),
  clone_failed: (url, because) => ({
    message: `Git could not clone '${url}'${because}.`,
    next: "Try again; 'git ls-remote' with this URL on the worker tells whether its server is to blame.",
  }),
};

/** How the worker is given what the host takes. */
function waysIn(url: string): string {
  const host =
    /^(?:https:\/\/|ssh:\/\/)?(?:[^@/]*@)?(\[[^\]]*\](?::\d+)?|[^/:]+(?::\d+(?=\/))?)/.exec(url)?.[1] ?? "HOST";
  if (isSsh(url)) return `'ws credential set NAME --type ssh-key --host ${host} < KEYFILE'`;
  return `${host === "github.com" ? "'ws login github' or " : ""}'ws credential set NAME --host ${host}'`;
}

function isSsh(url: string): boolean {
  return /^(?:ssh:\/\/|[^/:]+@)/.test(url);
}

/** The domain's error for what git said on its error output. */
export function cloneFailure(url: string, stderr: string): WsError {
  const untrusted = untrustedIn(stderr);
  if (untrusted !== undefined) return untrusted;
  const lines = stderr.split(/[\r\n]+/).map((line) => line.replace(/[^\x20-\x7e\u00a0-\u{10ffff}]/gu, "").trim());
  const [sign, code] = SIGNS.find(([candidate]) => candidate.test(stderr)) ?? [
    /^(?:ERROR|fatal|error)\b/,
    "clone_failed",
  ];
  const reason = plain(lines.find((line) => sign.test(line)) ?? "");
  const login = LOGIN.exec(reason);
  if (login !== null && code === "authentication_failed") {
    const [, message = "", next = ""] = login;
    return new WsError(code, {
      message: `Authentication failed for '${url}': ${message.replace(/^Authentication failed: /, "")}.`,
      next: `${next}.`,
      data: { url },
    });
  }
  const details = {
    ...WORDS[code](url, reason === "" ? "" : `: ${reason}`),
    ...(UNTRUSTED.test(reason) && { next: TRUST }),
  };
  if (code === "disk_full") return new WsError(code, { ...details, data: {} });
  return new WsError(code, { ...details, data: { url } });
}

/** What git-lfs said of why it did not transfer something, among what git said; undefined where it said nothing. */
export function largeFilesWords(stderr: string): string | undefined {
  const lines = stderr.split(/[\r\n]+/);
  const said = lines.find((line) => /^(?:batch response: |LFS: |\[[0-9a-f]{64}\] )/.test(line));
  return said === undefined ? undefined : plain(said);
}

/** The domain's error for what git-lfs said when it fetched large files. */
export function largeFilesFailure(url: string, stderr: string): WsError {
  const failure = cloneFailure(url, stderr);
  if (failure.code === "authentication_failed" || failure.code === "disk_full") return failure;
  const first = stderr.split(/[\r\n]+/).find((line) => line.trim() !== "");
  const words = largeFilesWords(stderr) ?? plain(first ?? "git-lfs ended without a word");
  const hasNone = /found no Git LFS/.test(words);
  return new WsError("clone_failed", {
    message: `The large files of '${url}' were not fetched: ${hasNone ? "its server has no Git LFS" : words}.`,
    next: hasNone
      ? "Leave --lfs out: pointers then stand where the large files would."
      : "Try again, or leave --lfs out and fetch them later: 'git lfs pull' in the workspace.",
    data: { url },
  });
}

export function branchNotFound(url: string, branch: string): WsError<"branch_not_found"> {
  return new WsError("branch_not_found", {
    message: `Branch not found: '${branch}' is not in '${url}'.`,
    next: "Check the name with 'git ls-remote --heads' and repeat this with another one, or with the repository and no base for its default branch.",
    data: { url, branch },
  });
}

/** What a line of git's says, without who says it, the URL once more, and the address of the way through the worker. */
function plain(line: string): string {
  return line
    .replace(/^(?:(?:remote|ERROR|fatal|error): )+/, "")
    .replace(/^(?:\[[0-9a-f]+\] )?(?:batch response: )?(?:LFS: |Fatal error: )?/, "")
    .replace(/^unable to access '[^']*': /, "")
    .replace(/^Workspace (?:cannot reach \S+|does not lead there): /, "")
    .replace(/http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32,}\//g, "https://")
    .replace(/\.$/, "")
    .slice(0, 300);
}
