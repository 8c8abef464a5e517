import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Box, Git, Grant, Log, Profile, SshKeySecret } from "@ws/workspace-core";
import { createGit, type GitOptions } from "../git.ts";
import { type Outcome, runToEnd } from "../run-git.ts";
import type { GitServer, ServedRepository } from "./git-server.ts";
import { createGranting, type Granting } from "./granting.ts";
import type { SshGitServer } from "./ssh-git-server.ts";
import { openStandInBox } from "./stand-in-box.ts";

/** The one branch that the grant names. */
export const BRANCH = "parallax/exec-1/engineer/fix";
export const ME = ["-c", "user.name=T", "-c", "user.email=t@example.test"];

export function newToken(): string {
  return randomBytes(20).toString("hex");
}

/** A workspace with a clone of a private repository of its own, and a grant for one branch of it. */
export interface GrantedPlace extends AsyncDisposable {
  box: Box;
  workspaceGit: Git;
  /** The repository's, on the server. */
  name: string;
  directory: string;
  repository: ServedRepository;
  granting: Granting;
  grant: Grant;
  /** What is given where its right is with a key. */
  key: Pick<SshKeySecret, "privateKey" | "hostKeys">;
  /** What the server takes now. */
  token: string;
  /** All that was logged. */
  said: string[];
  /** Pushes that lie on the worker's disk. */
  spooled(): Promise<string[]>;
  /** Opens its way anew, as a new connection does. */
  attach(): Promise<void>;
  /** Somebody else's commit on a branch of the server. */
  change(branch: string, files: Record<string, string>): Promise<void>;
  run(...argv: readonly [string, ...string[]]): Promise<Outcome>;
  /** Throws where it fails. */
  git(...argv: string[]): Promise<string>;
  commit(files: Record<string, string | Uint8Array>): Promise<void>;
  push(...refspecs: string[]): Promise<Outcome>;
  /** What something in it that is not git sends for a push. */
  post(body: string, headers?: Record<string, string>): Promise<Response>;
}

/** What a workspace and its worker know of a server by SSH. */
export type SshForge = Pick<SshGitServer, "url" | "privateKey" | "hostKey">;

let count = 0;

export async function openGranted(
  server: GitServer,
  files: Record<string, string> = { "a.txt": "a\n" },
  {
    objectFormat,
    profile = "person",
    by,
    ...options
  }: Partial<GitOptions> & { objectFormat?: "sha256"; profile?: Profile; by?: SshForge } = {},
): Promise<GrantedPlace> {
  const name = `o/r${count++}`;
  const first = newToken();
  const auth = (user: string, password: string): boolean => user === "x-access-token" && password === place.token;
  const branches = Object.keys(files).length === 0 ? [] : ["side"];
  const served = await server.create(name, { files, auth, branches, ...(objectFormat && { objectFormat }) });
  const repository = by === undefined ? served : { ...served, url: by.url(served.path) };
  const key = { privateKey: by?.privateKey ?? "", hostKeys: by === undefined ? [] : [by.hostKey] };
  const granting = createGranting({
    user: "x-access-token",
    password: first,
    renew: () => place.token,
    key,
  });
  const said: string[] = [];
  const say = (message: string, fields?: object): void => void said.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: say, info: say, warn: say, error: say };
  const box = await openStandInBox();
  const scratch = `${box.home}.scratch`;
  const made = createGit({ log, ca: [server.ca], credentials: granting, scratch, ...options });
  const own = { url: repository.url, name: "r" };
  const directory = `${box.home}/r`;
  const env = { LC_ALL: "C", GIT_TERMINAL_PROMPT: "0" };
  const place: GrantedPlace = {
    box,
    workspaceGit: made,
    name,
    directory,
    repository,
    key,
    granting,
    // In another spelling than git's.
    grant: granting.give({
      url: repository.url.replace(/\.git$/, ""),
      branches: [BRANCH],
      ...(by && { credential: { id: "deploy", type: "ssh_key", provider: "127.0.0.1", host: "127.0.0.1" } }),
    }),
    token: first,
    said,
    spooled: () => readdir(scratch).catch(() => []),
    attach: () => made.attach(box, { profile, repository: own }),
    async change(branch, changed) {
      const work = `${box.home}/somebody`;
      const run = (...argv: string[]) => runToEnd(box, ["git", ...argv], { cwd: work });
      await runToEnd(box, ["git", "clone", "-q", "-b", branch, repository.path, work]);
      await write(work, changed);
      await run("add", "--all");
      await run(...ME, "commit", "-qm", "Somebody's");
      await run("push", "-q", "origin", branch);
      await runToEnd(box, ["rm", "-rf", work]);
    },
    run: (...argv) => runToEnd(box, argv, { cwd: directory, env }),
    async git(...argv) {
      const outcome = await place.run("git", ...argv);
      if (outcome.code !== 0) throw new Error(outcome.stderr);
      return outcome.stdout;
    },
    async commit(content) {
      await write(directory, content);
      await place.git("add", "--all");
      await place.git(...ME, "commit", "-qm", "Work");
    },
    push: (...refspecs) => place.run("git", "push", "origin", ...refspecs),
    async post(body, headers = {}) {
      const include = await readFile(`${box.home}/.config/git/ws-forward`, "utf8");
      const origin = /\[url "([^"]+)"\]/.exec(include)?.[1] ?? "";
      const url = `${origin}${repository.url.slice("https://".length)}/git-receive-pack`;
      return fetch(url, { method: "POST", body, headers });
    },
    async [Symbol.asyncDispose]() {
      await box[Symbol.asyncDispose]();
      await rm(scratch, { recursive: true, force: true });
    },
  };
  await place.attach();
  await made.clone(box, { ...own, branch: BRANCH }, { group: "clone", report: () => undefined });
  return place;
}

async function write(directory: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), content);
  }
}
