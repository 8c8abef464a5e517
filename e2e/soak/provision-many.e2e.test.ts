import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startGitServer } from "@ws/git-provider/testing";
import { expect, test } from "vitest";
import { type AgentProcess, startAgentProcess } from "../support/agent-process.ts";
import { rounds, timeFor } from "../support/rounds.ts";

const MANY = rounds(4, 40);

test(
  `${MANY} provisions of one repository at once all succeed, and the cache is intact`,
  { timeout: timeFor(MANY) },
  async () => {
    await using server = await startGitServer();
    const served = await server.create("acme/app", { files: manyFiles(300), branches: ["release/1.0"] });
    await using agent = await startAgentProcess({ env: { WS_RUNTIME: "docker", WS_GIT_CA: server.caFile } });
    const names = Array.from({ length: MANY }, (_, index) => `many-${index}`);
    const made = await Promise.all(
      names.map((name) =>
        agent.client.workspaces.create({ name, clone: served.url, ...(name.endsWith("1") && { base: "release/1.0" }) }),
      ),
    );
    expect(made.map(({ status }) => status)).toEqual(names.map(() => "running"));
    // Those who asked before a fetch began had one together.
    const fetches = server.requests.filter(({ url }) => url.includes("/acme/app") && url.includes("info/refs"));
    expect(fetches.length).toBeLessThan(MANY + 2);

    await expectSound(agent);
    for (const name of names) {
      const { exitCode, stdout } = await agent.client.workspaces.exec({
        name,
        command: ["sh", "-c", "git fsck --strict && git status --porcelain && git log --oneline | wc -l"],
      });
      expect([exitCode, stdout.trim()]).toEqual([0, name.endsWith("1") ? "2" : "1"]);
    }
  },
);

function manyFiles(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`src/d${index % 9}/f${index}.txt`, `${index}\n`.repeat(index)]),
  );
}

async function expectSound({ configDirectory }: AgentProcess): Promise<void> {
  const root = join(configDirectory, "objects");
  const [name = ""] = await readdir(root);
  const copy = await mkdtemp(join(tmpdir(), "ws-many-"));
  try {
    const git = promisify(execFile);
    await git("git", ["init", "--quiet", "--bare", copy]);
    await cp(join(root, name, "packed-refs"), join(copy, "packed-refs"));
    await cp(join(root, name, "objects"), join(copy, "objects"), { recursive: true });
    const { stdout } = await git("git", ["-C", copy, "fsck", "--full", "--strict"]);
    expect(stdout).toBe("");
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
