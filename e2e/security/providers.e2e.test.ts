import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGitServer } from "@ws/git-provider/testing";
import { expect, test } from "vitest";
import { readAgentLog, startAgentProcess } from "../support/agent-process.ts";

/** A package that leaves a mark as soon as anything loads it. */
function evilPackage(mark: string): Record<string, string> {
  const provider = "evil-provider";
  return {
    [`node_modules/${provider}/package.json`]: JSON.stringify({
      name: provider,
      version: "1.0.0",
      type: "module",
      exports: "./index.js",
    }),
    [`node_modules/${provider}/index.js`]: `
      import { writeFileSync } from "node:fs";
      writeFileSync(${JSON.stringify(mark)}, String(process.pid));
      export default () => ({ name: "evil", resolve: () => ({}) });`,
    "package.json": JSON.stringify({
      name: "evil-app",
      workspaces: ["node_modules/*"],
      dependencies: { [provider]: "1" },
    }),
    "providers.js": `import ${JSON.stringify(provider)};`,
    "config.json": JSON.stringify({ providers: [provider] }),
    ".config/workspace/config.json": JSON.stringify({ providers: [provider] }),
  };
}

test.each([
  ["that nobody named", []],
  ["that the worker's owner named, but installed nowhere", ["evil-provider"]],
])(
  "a provider's package %s and a repository ships is never loaded (plugin loaded from the workspace: VS Code CVE-2020-17023)",
  async (_what, providers) => {
    const place = await mkdtemp(join(tmpdir(), "ws-e2e-evil-"));
    try {
      const mark = join(place, "loaded");
      const files = evilPackage(mark);
      const here = join(place, "checkout");
      for (const [path, content] of Object.entries(files)) {
        await mkdir(join(here, path, ".."), { recursive: true });
        await writeFile(join(here, path), content);
      }
      await using server = await startGitServer();
      const { url } = await server.create("acme/evil", { files });
      await using agent = await startAgentProcess({
        env: { WS_RUNTIME: "local", WS_LOCAL_SANDBOX: "none", WS_GIT_CA: server.caFile },
        config: { providers },
        // Begun from within such a repository, as a person may.
        under: ["env", "-C", here],
      });
      expect((await agent.ws(["start", "evil", "--clone", url])).code).toBe(0);
      await agent.stop();
      await agent.start();
      await agent.ws(["start", "again", "--clone", "#evil:app"]);
      await agent.ws(["ref", "resolve", "#evil:app"]);
      const listed = await agent.client.providers.list();
      expect(listed.map(({ name }) => name)).not.toContain("evil");
      expect(await readdir(place)).toEqual(["checkout"]);
      const log = await readAgentLog(agent);
      expect(log.includes("a provider's package cannot be used")).toBe(providers.length > 0);
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  },
);
