import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { WorkspaceId } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GitServer, type ServedRepository, startGitServer } from "../testing/git-server.ts";

const ROUNDS = process.env["WS_SOAK"] === undefined ? 5 : 200;
/** Longer than a process of this kind takes. */
const LATEST_KILL_MS = 900;

let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test(
  `two processes share a cache while one of them is killed at random, ${ROUNDS} times over, and the remote drops history`,
  { timeout: ROUNDS * 20_000 },
  async () => {
    const parent = await mkdtemp(join(tmpdir(), "ws-cache-kill-"));
    try {
      const served = await server.create("o/killed", { files: { "a.txt": "a\n".repeat(2_000) }, branches: ["other"] });
      const objects = join(parent, "objects");
      let seed = 11;
      const kept: string[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const tip = await pushSomething(served, round);
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
        const doomed = user(objects, served, [`ws-doomed-${round}`, `ws-doomed-${round}-too`]);
        const other = user(objects, served, [`ws-kept-${round}`]);
        const kill = setTimeout(() => doomed.child.kill("SIGKILL"), (seed >>> 8) % LATEST_KILL_MS);
        const [shown = ""] = (await other.said).split("\n");
        await doomed.said;
        clearTimeout(kill);
        kept.push(shown);
        // What was pushed before either began is there for the one that lived.
        expect(await readFile(join(shown, "packed-refs"), "latin1")).toContain(`${tip} refs/remotes/origin/work`);
        await expectSound(shown);
      }
      // What earlier rounds borrowed is whole, although the remote no longer has it.
      for (const shown of kept) await expectSound(shown);
      const [name = ""] = await readdir(objects);
      expect((await stat(objects)).mode & 0o777).toBe(0o700);
      await expectSound(await asShown(join(objects, name), parent));
    } finally {
      await rm(parent, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);

/** Rewrites a branch, and now and then lets the server throw away what was there before. */
async function pushSomething(served: ServedRepository, round: number): Promise<string> {
  const blob = (await served.gitWith(randomBytes(20_000).toString("hex"), "hash-object", "-w", "--stdin")).trim();
  const tree = (await served.gitWith(`100644 blob ${blob}\tnew.txt\n`, "mktree")).trim();
  const commit = (await served.git("commit-tree", "-p", "main", "-m", `Round ${round}`, tree)).trim();
  await served.git("update-ref", "refs/heads/work", commit);
  if (round % 3 === 2) await served.git("gc", "--quiet", "--prune=now");
  return commit;
}

function user(objects: string, { url }: ServedRepository, workspaces: readonly WorkspaceId[]) {
  const program = fileURLToPath(new URL("../testing/cache-user.ts", import.meta.url));
  const orders = JSON.stringify({ objects, url, caFile: server.caFile, workspaces });
  const child = spawn(process.execPath, ["--conditions=source", program, orders], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const said = new Promise<string>((resolve) => child.once("close", () => resolve(text)));
  return { child, said };
}

/** Every ref and all that it reaches, and every object at all, is there and sound. */
async function expectSound(shown: string): Promise<void> {
  const borrower = await mkdtemp(join(tmpdir(), "ws-cache-fsck-"));
  try {
    const git = promisify(execFile);
    await git("git", ["init", "--quiet", "--bare", borrower]);
    await cp(join(shown, "packed-refs"), join(borrower, "packed-refs"));
    await cp(join(shown, "objects"), join(borrower, "objects"), { recursive: true });
    const { stdout } = await git("git", ["-C", borrower, "fsck", "--full", "--strict", "--no-dangling"]);
    expect(stdout).toBe("");
  } finally {
    await rm(borrower, { recursive: true, force: true });
  }
}

/** The cache itself, in a workspace's place. */
async function asShown(cache: string, parent: string): Promise<string> {
  const shown = join(parent, "cache");
  await cp(join(cache, "objects"), join(shown, "objects"), { recursive: true });
  await cp(join(cache, "packed-refs"), join(shown, "packed-refs"));
  return shown;
}
