import { describe, expect, test } from "vitest";
import { agentTask } from "../../testing/agent-stand-in/agent-task.ts";
import { createTaskWorld } from "../../testing/task-world.ts";
import { isFinal } from "../task.ts";
import { agentTools } from "./agent-tools.ts";

const URL = 'https://docs.example.com/mcp?a="b"';
const ask = { permissions: "all", variables: {} } as const;

/** All that a coding tool is started with, in one text. */
function startOf(
  name: string,
  servers: { name: string; url: string }[],
): { argv: string[]; env: Record<string, string> } {
  const { argv, env = {} } = agentTools()
    .get(name)
    ?.command({ ...ask, servers }) ?? { argv: [] };
  return { argv: [...argv], env };
}

describe("a repository's servers of tools are never started on its word (MCPoison CVE-2025-54136), and those that are given are", () => {
  test("claude: none but those on its command line", () => {
    expect(startOf("claude", []).argv).toContain("--strict-mcp-config");
    expect(startOf("claude", []).argv).not.toContain("--mcp-config");
    const { argv } = startOf("claude", [{ name: "docs", url: URL }]);
    expect(argv).toContain("--strict-mcp-config");
    expect(JSON.parse(argv[argv.indexOf("--mcp-config") + 1] ?? "")).toEqual({
      mcpServers: { docs: { type: "http", url: URL } },
    });
    // What follows a list of configurations would be read as one more of them.
    expect(argv[argv.indexOf("--mcp-config") + 2] ?? "--").toMatch(/^--/);
  });

  test("codex: each by a setting of its own", () => {
    expect(startOf("codex", []).argv.join(" ")).not.toContain("mcp_servers");
    const { argv } = startOf("codex", [{ name: "docs", url: URL }]);
    expect(argv[argv.indexOf('mcp_servers.docs.url="https://docs.example.com/mcp?a=\\"b\\""') - 1]).toBe("-c");
    expect(argv.at(-1)).toBe("-");
  });

  test("opencode: without the repository's settings", () => {
    expect(startOf("opencode", []).env).toMatchObject({ OPENCODE_DISABLE_PROJECT_CONFIG: "1" });
    expect(startOf("opencode", []).env).not.toHaveProperty("OPENCODE_CONFIG_CONTENT");
    const { env } = startOf("opencode", [{ name: "docs", url: URL }]);
    expect(env).toMatchObject({ OPENCODE_DISABLE_PROJECT_CONFIG: "1" });
    expect(JSON.parse(env["OPENCODE_CONFIG_CONTENT"] ?? "")).toEqual({
      mcp: { docs: { type: "remote", url: URL, enabled: true } },
    });
  });
});

test("at each attempt it is asked anew which servers are given", async () => {
  const given = [[{ name: "docs", url: "https://docs.example.com/mcp" }], []];
  const world = createTaskWorld({ servers: async () => given.shift() ?? [] });
  const { runs } = world.place("a", { variables: { ANTHROPIC_API_KEY: "k1" } });
  const started: string[] = [];
  const { start } = runs;
  runs.start = (request) => {
    started.push(request.argv.join(" "));
    return start(request);
  };
  await using tasks = world.boot();
  for (const prompt of ["ok 1", "ok 2"]) {
    const { id } = tasks.create(agentTask(prompt));
    await tasks.until(id, ({ status }) => isFinal(status));
  }
  expect(started.map((argv) => [argv.includes("--strict-mcp-config"), argv.includes("docs.example.com")])).toEqual([
    [true, true],
    [true, false],
  ]);
});
