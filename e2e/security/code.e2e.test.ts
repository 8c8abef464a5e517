import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { shareAgent } from "../support/share-agent.ts";

describe("code is run by an interpreter in the workspace, and by nothing in the agent (vm2 CVE-2023-37466)", () => {
  let agent: AgentProcess;
  shareAgent(async (parts) => {
    agent = parts.use(await startAgentProcess());
    await agent.client.workspaces.create({ name: "alpha" });
    return agent;
  });

  async function said(language: string, code: string): Promise<string> {
    const run = await agent.ws(["task", "add", "alpha", "--code", language, "--follow"], { stdin: code });
    expect(run).toMatchObject({ code: 0 });
    return run.stdout;
  }

  const PROGRAMS = {
    javascript: `const fs = require("node:fs"); console.log(fs.readFileSync("/etc/hostname", "utf8").trim(), process.getuid());`,
    typescript: `import { readFileSync } from "node:fs";
      const host: string = readFileSync("/etc/hostname", "utf8").trim(); console.log(host, process.getuid?.());`,
    python: `import os\nprint(open("/etc/hostname").read().strip(), os.getuid())`,
    sh: `echo "$(cat /etc/hostname) $(id -u)"`,
  };

  test.each(Object.entries(PROGRAMS))("%s sees the container's own name and user", async (language, code) => {
    const { stdout } = await agent.client.workspaces.exec({ name: "alpha", command: ["cat", "/etc/hostname"] });
    const answer = (await said(language, code)).trim().split(" ");
    expect(answer).toEqual([stdout.trim(), expect.not.stringMatching(/^0$/)]);
    expect(answer[0]).not.toBe((await readFile("/etc/hostname", "utf8")).trim());
  });

  test("what gets out of a sandbox within the process finds neither the agent nor its configuration", async () => {
    const escape = `
      const out = (() => {}).constructor("return process")();
      const names = out.mainModule ? "main" : "none";
      console.log(names, out.pid === ${agent.pid}, require("node:fs").existsSync(${JSON.stringify(agent.configDirectory)}));`;
    expect(await said("javascript", escape)).toMatch(/^\w+ false false\n/);
  });
});
