import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { startGitServer } from "@ws/git-provider/testing";
import { expect, test } from "vitest";
import { type AgentProcess, startAgentProcess } from "../support/agent-process.ts";
import { rounds } from "../support/rounds.ts";

// A hundred thousand files say whether memory is flat; a few thousand, whether every way to look at them works at all.
const files = rounds(3_000, 100_000);
const looks = rounds(6, 30);
const name = "tree";

test(
  `a repository of ${files} files is listed, searched, packed and asked of git over and over in flat memory`,
  { timeout: 1_800_000 },
  async () => {
    await using server = await startGitServer();
    const { url } = await server.create("acme/tree");
    await using agent = await startAgentProcess({ env: { WS_RUNTIME: "docker", WS_GIT_CA: server.caFile } });
    const { client } = agent;
    await client.workspaces.create({ name, clone: url });
    await run(
      agent,
      `mkdir $(seq -f 'd%g' 0 ${Math.ceil(files / 1_000) - 1})
      seq 0 ${files - 1} | awk '{ file = "d" int($1 / 1000) "/f" $1; print "number " $1 > file; close(file) }'`,
    );
    await run(agent, "git add -A && git -c user.name=T -c user.email=t@example.test commit -qm tree");

    const look = async (round: number): Promise<void> => {
      const { entries } = await client.files.list({ name });
      expect(entries.filter((entry) => /^d\d+$/.test(entry.name))).toHaveLength(Math.ceil(files / 1_000));
      expect((await client.files.list({ name, path: "d1" })).entries).toHaveLength(1_000);
      expect(await client.git.status({ name })).toMatchObject({ total: 0 });
      expect((await client.files.find({ name, query: `f${files - 1}` })).paths).toHaveLength(1);
      expect((await client.files.grep({ name, pattern: `^number ${files - 1}$` })).matches).toHaveLength(1);
      // Each file is a round trip, which takes long enough for once in a while.
      if (round % 10 === 0) expect(await packed(agent)).toBeGreaterThan(files * 1_024);
    };
    for (const round of [0, 1]) await look(round);
    const before = residentMiB(agent.pid);
    let most = before;
    const over = new AbortController();
    const watching = (async () => {
      for (; !over.signal.aborted; await sleep(100)) most = Math.max(most, residentMiB(agent.pid));
    })();
    for (let round = 0; round < looks; round += 1) await look(round);
    over.abort();
    await watching;
    console.log(JSON.stringify({ files, looks, beforeMiB: Math.round(before), mostMiB: Math.round(most) }));
    // The collector's slack, however many files there are and however often they are looked at.
    expect(most - before).toBeLessThan(100);
  },
);

async function run({ client }: AgentProcess, script: string): Promise<void> {
  const command = ["sh", "-ec", script];
  const { exitCode, stderr } = await client.workspaces.exec({ name, command, timeout: 600_000 });
  expect([exitCode, stderr]).toEqual([0, ""]);
}

/** The bytes of all of it as a tar. */
async function packed({ url, token }: AgentProcess): Promise<number> {
  const answer = await fetch(`${url}/files/${name}/?format=tar`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  let length = 0;
  for await (const part of answer.body ?? []) length += part.length;
  return length;
}

function residentMiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;
}
