import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LfsServer, type ServedRepository, startGitServer, startLfsServer } from "@ws/git-provider/testing";
import { describe, expect, test } from "vitest";
import { type AgentProcess, startAgentProcess } from "../support/agent-process.ts";
import { ADA } from "../support/forge.ts";
import { expectNowhereInside, expectNowhereOnWorker } from "../support/nowhere.ts";
import { shareAgent } from "../support/share-agent.ts";
import { filesWith, formsOf, sampleProcesses } from "../support/token-search.ts";

describe.each(["docker", "local"] as const)("a private repository with large files, on the %s runtime", (runtime) => {
  const token = randomBytes(20).toString("hex");
  const content = randomBytes(400_000);
  let lfs: LfsServer;
  let repository: ServedRepository;
  let agent: AgentProcess;

  shareAgent(async (parts) => {
    const server = parts.use(await startGitServer());
    lfs = parts.use(await startLfsServer(server));
    const auth = (_: string, password: string): boolean => password === token;
    const files = { ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n", "a.bin": await lfs.put(content) };
    repository = await server.create("acme/large", { auth, files });
    lfs.serve("acme/large", auth);
    const directory = await mkdtemp(join(tmpdir(), "ws-large-"));
    parts.defer(() => rm(directory, { recursive: true, force: true }));
    const authorities = join(directory, "ca.pem");
    await writeFile(authorities, server.ca + lfs.ca);
    agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: runtime, WS_GIT_CA: authorities, ...ADA } }));
    await ws(["credential", "set", "acme", "--host", new URL(server.origin).host], `${token}\n`);
    return agent;
  });

  async function ws(argv: readonly string[], stdin = ""): Promise<string> {
    const { code, stdout, stderr } = await agent.ws(argv, { stdin });
    if (code !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
    return stdout;
  }

  const bash = (name: string, script: string): Promise<string> => ws(["exec", name, "--", "bash", "-c", script]);

  test("CVE-2025-66411: it is cloned with them or without, worked in and pushed, and nothing of the token or of the store's keys is in the workspace", async () => {
    await using token$ = sampleProcesses(token, (pid) => pid === String(process.pid));
    await using keys = sampleProcesses(lfs.mark, (pid) => pid === String(process.pid));
    await ws(["start", "with", "--clone", repository.url, "--lfs"]);
    const hash = createHash("sha256").update(content).digest("hex");
    expect(await bash("with", "set -e; sha256sum a.bin; git status --porcelain")).toBe(`${hash}  a.bin\n`);
    // From the objects that the worker keeps, which hold no large files.
    await ws(["start", "without", "--clone", repository.url]);
    const trace = "export GIT_TRACE=1 GIT_CURL_VERBOSE=1";
    const pulled = await bash("without", `set -e; head -1 a.bin; ${trace}; git lfs pull 2>&1; sha256sum a.bin`);
    expect(pulled).toMatch(/^version https:\/\/git-lfs/);
    expect(pulled).toContain(`${hash}  a.bin`);
    expect(await bash("without", "git status --porcelain")).toBe("");
    const push = "set -e; head -c 300000 /dev/urandom >b.bin; git add b.bin; git commit -qm 'Add b'";
    const pushed = await bash("with", `${push}; ${trace}; git push 2>&1; git cat-file blob HEAD:b.bin`);
    const oid = /^oid sha256:(\w+)$/m.exec(pushed)?.[1] ?? "";
    expect(await lfs.has(oid)).toBe(true);

    const words = [...formsOf(token), lfs.mark];
    for (const name of ["with", "without"]) await expectNowhereInside(agent, name, runtime, words);
    await expectNowhereOnWorker(agent, "with", token);
    for (const word of words) expect(agent.output() + pulled + pushed).not.toContain(word);
    expect(await filesWith(lfs.mark, [agent.configDirectory])).toEqual([]);
    expect([...token$.hits, ...keys.hits]).toEqual([]);
  });

  test("after the agent has started again 'git lfs pull' finds it, and a server without Git LFS is said to be one", async () => {
    await agent.kill();
    await agent.start();
    await bash(
      "with",
      "set -e; rm -rf .git/lfs/objects a.bin; git checkout -q a.bin; git lfs pull; test $(stat -c %s a.bin) = 400000",
    );
    lfs.faults.forge = (_, response) => {
      response.writeHead(404).end();
      return true;
    };
    const refused = await agent.ws(["start", "refused", "--clone", repository.url, "--lfs"]);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain("were not fetched: its server has no Git LFS.");
    delete lfs.faults.forge;
  });
});
