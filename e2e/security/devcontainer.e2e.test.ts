import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GitServer, startGitServer } from "@ws/git-provider/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AgentProcess, docker, startAgentProcess } from "../support/agent-process.ts";
import { workspaceImage } from "../support/workspace-image.ts";

const FILE = ".devcontainer/devcontainer.json";
let server: GitServer;
let agent: AgentProcess;
let image: string;
let place: string;

beforeAll(async () => {
  image = await workspaceImage();
  server = await startGitServer();
  agent = await startAgentProcess({ env: { WS_RUNTIME: "docker", WS_GIT_CA: server.caFile } });
  place = await mkdtemp(join(tmpdir(), "ws-e2e-canary-"));
});
afterAll(async () => {
  await agent[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await rm(place, { recursive: true });
});

const containers = (): Promise<string[]> =>
  docker("ps", "--all", "--quiet", "--filter", `label=ws.instance=${agent.instance}`);
const inspect = async (container: string, format: string): Promise<string> =>
  (await docker("inspect", "--format", format, container)).join("\n");

test("a file that asks for privilege is refused with the line that asked, and leniently gets none of it (rows 17, 18)", async () => {
  const canary = join(place, "CANARY");
  const asked = [
    `"image": ${JSON.stringify(image)},`,
    '"runArgs": ["--privileged", "--pid=host"],',
    '"mounts": ["source=/var/run/docker.sock,target=/var/run/docker.sock,type=bind"],',
    `"initializeCommand": ${JSON.stringify(`touch ${canary}`)},`,
    '"capAdd": ["SYS_ADMIN"]',
  ];
  const { url } = await server.create("acme/greedy", { files: { [FILE]: `{\n${asked.join("\n")}\n}\n` } });

  const refused = await agent.ws(["start", "greedy", "--clone", url, "--devcontainer"]);
  expect(refused.code).not.toBe(0);
  for (const line of ["Line 3, runArgs", "Line 4, mounts", "Line 5, initializeCommand", "Line 6, capAdd"]) {
    expect(refused.stderr).toContain(line);
  }
  expect(refused.stderr).toContain("ws start greedy --devcontainer=lenient");
  expect([await containers(), existsSync(canary)]).toEqual([[], false]);

  const lenient = await agent.ws(["start", "greedy", "--clone", url, "--devcontainer=lenient"]);
  expect(lenient.code).toBe(0);
  expect(lenient.stderr).toMatch(/Line 3, runArgs: .* left out/);
  const [container = ""] = await containers();
  const seen = "{{.HostConfig.Privileged}}{{.HostConfig.CapAdd}}{{.HostConfig.PidMode}}{{.HostConfig.Binds}}";
  expect(await inspect(container, seen)).toBe("false[][]");
  expect(await inspect(container, "{{json .}}")).not.toContain("docker.sock");
  expect(existsSync(canary)).toBe(false);
  await agent.ws(["delete", "greedy", "--yes", "--force"]);
});

test("a workspace is made as its repository describes it, and what is run once is run once", async () => {
  const files = {
    [FILE]: JSON.stringify({
      build: { dockerfile: "Dockerfile", context: "..", args: { LEVEL: "3" } },
      containerEnv: { SEEN: "${localWorkspaceFolderBasename}" },
      features: { "ghcr.io/devcontainers/features/git:1": {} },
      forwardPorts: [4321],
      portsAttributes: { 4321: { label: "Web" } },
      postCreateCommand: "echo created >>~/made && test -f README.md",
      postStartCommand: ["sh", "-c", "echo started >>~/made"],
    }),
    ".devcontainer/Dockerfile": `FROM ${image}\nARG LEVEL\nCOPY README.md /from-repository\nRUN sudo sh -c "echo $LEVEL >/level"\n`,
    "README.md": "read me\n",
    // Not for what an image is made from: that is what was committed.
    ".gitattributes": "README.md export-ignore eol=crlf\n",
  };
  const { url } = await server.create("acme/good", { files });
  const started = await agent.ws(["start", "good", "--clone", url, "--devcontainer"]);
  expect([started.code, started.stderr]).toEqual([
    0,
    expect.stringContaining("Follow the repository's devcontainer.json"),
  ]);
  const run = async (command: string): Promise<string> => {
    const { stdout } = await agent.client.workspaces.exec({ name: "good", command });
    return stdout;
  };
  expect(await run('cat /level /from-repository; echo "$SEEN"')).toBe("3\nread me\ngood\n");
  const info = await agent.client.workspaces.restart({ name: "good" });
  expect(info).toMatchObject({
    devcontainer: FILE,
    ports: { forwards: [{ container: 4321, host: 4321, label: "web" }] },
  });
  expect(await run("cat ~/made")).toBe("created\nstarted\nstarted\n");
  const [container = ""] = await containers();
  expect(await inspect(container, "{{json .Config.Env}}")).not.toContain("SEEN");
  await agent.ws(["delete", "good", "--yes", "--force"]);
  await docker("image", "rm", info.image ?? "");
});

test("a Dockerfile that would have the engine itself ask the worker or cloud metadata is refused", async () => {
  const files = {
    [FILE]: '{ "build": { "dockerfile": "Dockerfile" } }',
    ".devcontainer/Dockerfile": `FROM ${image}\nADD \\\n  ${agent.url}/health /x\n\u0085ADD ${agent.url}/health /y\n`,
  };
  const { url } = await server.create("acme/fetching", { files });
  const refused = await agent.ws(["start", "fetching", "--clone", url, "--devcontainer=lenient"]);
  expect([refused.code === 0, refused.stderr]).toEqual([false, expect.stringContaining("Line 2, ADD")]);
  expect(refused.stderr).toContain("Line 4, U+0085");
  expect(await containers()).toEqual([]);
});
