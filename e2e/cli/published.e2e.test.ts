import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAgentProcess } from "../support/agent-process.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const packages = [
  "workspace-core",
  "docker-runtime",
  "local-runtime",
  "git-provider",
  "egress",
  "credentials",
  "workspace-service",
  "rpc-contract",
  "mcp-tools",
];

let place: string;

// What a registry would hand out, installed where nothing of the repository is near.
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "ws-published-"));
  const tarballs = join(place, "tarballs");
  await mkdir(tarballs);
  for (const folder of [...packages.map((name) => `packages/${name}`), "apps/agent", "apps/cli"]) {
    await run("pnpm", ["pack", "--pack-destination", tarballs], { cwd: join(root, folder) });
  }
  const files = (await readdir(tarballs)).map((file): [string, string] => [
    `@ws/${/^ws-(.*)-\d+\.\d+\.\d+\.tgz$/.exec(file)?.[1]}`,
    `file:${join(tarballs, file)}`,
  ]);
  const manifest = { name: "elsewhere", private: true, type: "module", dependencies: Object.fromEntries(files) };
  await writeFile(join(place, "package.json"), JSON.stringify(manifest));
  const overrides = files.map(([name, file]) => `  "${name}": "${file}"\n`).join("");
  const builds = ["ssh2", "cpu-features", "protobufjs"].map((name) => `  ${name}: false\n`).join("");
  await writeFile(join(place, "pnpm-workspace.yaml"), `overrides:\n${overrides}allowBuilds:\n${builds}`);
  await run("pnpm", ["install", "--prefer-offline", "--no-frozen-lockfile"], { cwd: place });
});
afterAll(() => rm(place, { recursive: true, force: true }));

test("the published packages can be imported by another program", async () => {
  const names = [...packages, "rpc-contract/client", "agent"].map((name) => `@ws/${name}`);
  const code = `for (const name of ${JSON.stringify(names)}) console.log(name, Object.keys(await import(name)).length > 0)`;
  const { stdout } = await run("node", ["--input-type=module", "-e", code], { cwd: place });
  expect(stdout.trim().split("\n")).toEqual(names.map((name) => `${name} true`));
});

test("the published command runs a worker with its dashboard and builds its image", async () => {
  const command = join(place, "node_modules/.bin/ws");
  await using agent = await startAgentProcess({ command, env: { WS_RUNTIME: "docker" } });
  expect(agent.output()).toMatch(/^ +ws start demo/m);
  const page = await (await fetch(agent.url)).text();
  const [script = "none"] = /\/assets\/[^"]+\.js/.exec(page) ?? [];
  expect((await fetch(new URL(script, agent.url))).status).toBe(200);
  const started = await agent.ws(["start", "demo", "--json"]);
  expect(JSON.parse(started.stdout)).toMatchObject({ status: "running", isolation: "container" });
  expect((await agent.ws(["exec", "demo", "--", "whoami"])).stdout).toBe("workspace\n");
});
