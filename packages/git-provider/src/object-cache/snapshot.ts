import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Repository, RepositorySnapshot } from "@ws/workspace-core";
import { runWorkerGit } from "../worker-git/run-git.ts";
import { startWorkerGit } from "../worker-git/start-git.ts";
import type { SharePaths } from "./layout.ts";
import { parsePacked } from "./refs.ts";

/** A stranger decides what is unpacked here. */
const LIMITS = { memory: 8_388_608, seconds: 120 };
const PLAIN_FILE = /^100(?:644|755) blob /;

/**
 * The commit that a clone of this repository will begin with, out of what a workspace borrows, which nobody but the worker can write to;
 * undefined where nothing was gathered, or not that branch.
 */
export async function openSnapshot(
  share: SharePaths,
  { branch, baseBranch, branchIsNew = false }: Pick<Repository, "branch" | "baseBranch" | "branchIsNew">,
  signal: AbortSignal,
): Promise<RepositorySnapshot | undefined> {
  const files = await Promise.all([readFile(share.refs, "latin1"), readFile(share.head, "latin1")]).catch(
    () => undefined,
  );
  if (files === undefined) return undefined;
  const [packed, head] = files;
  const refs = parsePacked(packed);
  const commitOf = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : refs.get(`refs/remotes/origin/${Buffer.from(name).toString("latin1")}`);
  const own = branchIsNew ? undefined : commitOf(branch);
  // A branch that the remote does not have is begun at the base.
  const base = baseBranch === undefined ? refs.get(`refs/remotes/origin/${head}`) : commitOf(baseBranch);
  const commit = own ?? base;
  if (commit === undefined) return undefined;

  const directory = await makeBorrower();
  const place = { directory, objects: [share.objects], env: { GIT_LITERAL_PATHSPECS: "1" }, limits: LIMITS, signal };

  /** What lies at a path, as `ls-tree` says it: mode, type and id. */
  async function entry(path: string): Promise<string | undefined> {
    const listed = await runWorkerGit(["ls-tree", "-z", "--full-tree", commit as string, "--", path], place);
    if (listed.code !== 0) throw new Error(`git could not look into a repository: ${listed.stderr.trim()}`);
    const [first = ""] = listed.stdout.split("\0");
    const [told, name] = first.split("\t");
    return name === path ? told : undefined;
  }

  async function print(...argv: string[]): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of output(argv, Number.POSITIVE_INFINITY)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async function* output(argv: readonly string[], mostBytes: number): AsyncGenerator<Buffer> {
    const git = startWorkerGit(argv, place);
    git.stdin.end();
    let said = "";
    git.stderr.setEncoding("utf8").on("data", (text: string) => void (said = (said + text).slice(-2_000)));
    try {
      let bytes = 0;
      for await (const chunk of git.stdout as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > mostBytes) throw new Error(`these files take more than ${mostBytes} bytes`);
        yield chunk;
      }
      if ((await git.ended) !== 0) throw new Error(`git could not read a repository: ${said.trim()}`);
      signal.throwIfAborted();
    } finally {
      git.kill();
    }
  }

  return {
    commit,
    async read(path, mostBytes) {
      const told = await entry(path);
      if (told === undefined) return undefined;
      if (!PLAIN_FILE.test(told)) return "link";
      const id = told.split(" ").at(-1) ?? "";
      if (Number((await print("cat-file", "-s", id)).toString()) > mostBytes) return "large";
      return new Uint8Array(await print("cat-file", "blob", id));
    },
    async tree(path) {
      if (path === "")
        return (await print("rev-parse", "--verify", "--end-of-options", `${commit}^{tree}`)).toString().trim();
      const told = await entry(path);
      return told?.startsWith("040000 tree ") === true ? told.split(" ").at(-1) : undefined;
    },
    archive: (tree, mostBytes) => output(["archive", "--format=tar", tree], mostBytes),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/**
 * Beats every .gitattributes: a file is in a tar as it was committed and as it was read here. A repository could otherwise leave files
 * out, or have git write other ones in their place (`working-tree-encoding`, `eol`, `ident`).
 */
const AS_COMMITTED = "* -text !eol !ident !filter !working-tree-encoding !export-ignore !export-subst\n";

/** A bare repository with nothing of its own. */
async function makeBorrower(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "ws-look-"));
  for (const name of ["objects", "refs", "info"]) await mkdir(join(directory, name));
  await writeFile(join(directory, "info", "attributes"), AS_COMMITTED);
  await writeFile(join(directory, "HEAD"), "ref: refs/heads/main\n");
  await writeFile(join(directory, "config"), "[core]\n\trepositoryFormatVersion = 0\n\tbare = true\n");
  return directory;
}
