import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { rounds } from "../support/rounds.ts";
import { shareAgent } from "../support/share-agent.ts";

const CALLS = rounds(200, 2_000);
/** In the full proof the machine has nothing else to do. */
const SLOWEST_MS = rounds(5_000, 500);

describe("a workspace that takes all it can get leaves the worker and its neighbours theirs (fork bomb, memory, disk)", () => {
  let agent: AgentProcess;
  shareAgent(async (parts) => {
    agent = parts.use(await startAgentProcess());
    const limits = { cpus: 0.5, memoryBytes: 256 * 1024 ** 2, processes: 256 };
    await Promise.all([
      agent.client.workspaces.create({ name: "alpha", limits }),
      agent.client.workspaces.create({ name: "beta" }),
    ]);
    return agent;
  });

  /** How long each of many calls took, the slowest of a hundred of them, while something goes on. */
  async function slowestOfHundred(): Promise<number> {
    const took: number[] = [];
    for (let call = 0; call < CALLS; call += 1) {
      const begun = performance.now();
      await agent.client.info();
      took.push(performance.now() - begun);
    }
    return took.sort((a, b) => a - b)[Math.floor(took.length * 0.99)] ?? Infinity;
  }

  async function expectOthersToWork(): Promise<void> {
    expect(await slowestOfHundred()).toBeLessThan(SLOWEST_MS);
    const word = randomBytes(4).toString("hex");
    const answer = await agent.client.workspaces.exec({
      name: "beta",
      command: ["echo", word],
    });
    expect(answer).toMatchObject({ exitCode: 0, stdout: `${word}\n` });
    await agent.client.files.write({ name: "beta", path: "note", content: word });
    expect(await agent.client.files.read({ name: "beta", path: "note" })).toMatchObject({ content: word });
  }

  /** What becomes of it within a few seconds, after which all its processes are ended. */
  const inAlpha = (code: string) =>
    agent.client.workspaces.exec({ name: "alpha", command: code, timeout: 6_000 }).then(
      ({ exitCode }) => `exit ${exitCode}`,
      (error: unknown) => (error as { data?: { code?: string } }).data?.code ?? String(error),
    );

  // What ends first is the kernel's choice, and what a workspace that holds all it may have still does is none; but it is told as what it is.
  const TOLD = /^(?:exit \d+|timeout|box_closed|box_unavailable)$/;

  test.each([
    ["processes without end", "{ bomb() { bomb | bomb & }; bomb; sleep 9; } 2>/tmp/said"],
    ["memory without end", `exec python3 -c "exec('x = []\\nwhile True: x.append(bytearray(16 << 20))')"`],
    ["busy loops", "for i in $(seq 64); do (while :; do :; done) & done; sleep 9"],
  ])("%s", async (_what, code) => {
    const attack = inAlpha(code);
    await expectOthersToWork();
    expect(await attack).toMatch(TOLD);
    await expectOthersToWork();
  });

  test("it can be stopped, started and used again after that", async () => {
    await agent.client.workspaces.stop({ name: "alpha" });
    await agent.client.workspaces.start({ name: "alpha" });
    // It had reached its limit.
    expect(await inAlpha("grep -q 'Cannot fork' /tmp/said")).toBe("exit 0");
    expect(await agent.client.workspaces.exec({ name: "alpha", command: ["echo", "hi"] })).toMatchObject({
      stdout: "hi\n",
    });
  });
});
