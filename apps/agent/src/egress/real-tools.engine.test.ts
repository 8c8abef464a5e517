import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { makeCertificates } from "@ws/git-provider/testing";
import type { TaskInfo } from "@ws/rpc-contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EgressWorker, startEgressWorker } from "../testing/egress-worker.ts";
import type { ModelRequest } from "../testing/model-provider.ts";
import { realTools } from "../testing/real-tools.ts";
import { tempDir } from "../testing/temp-dir.ts";

/*
 * The real coding tools in a workspace of the profile `agent`: each finds its provider at its own address, through the proxy and past nothing else.
 */

const PROVIDERS = ["api.anthropic.com", "api.openai.com", "chatgpt.com"];
const TOOLS = { claude: "api.anthropic.com", codex: "api.openai.com", opencode: "api.anthropic.com" } as const;
const HOME = "/home/workspace";
const directory = tempDir();
const key = `key-${randomBytes(16).toString("hex")}`;
let worker: EgressWorker;

beforeAll(async () => {
  const place = dirname(dirname(await realTools()));
  const certificates = await makeCertificates(directory.path, PROVIDERS);
  worker = await startEgressWorker();
  await serveModels(certificates);
  await worker.client.workspaces.create({
    name: "closed",
    profile: "agent",
    env: {
      ANTHROPIC_API_KEY: key,
      OPENAI_API_KEY: key,
      // Whom they trust beside those whom everybody trusts.
      NODE_EXTRA_CA_CERTS: `${HOME}/authority.txt`,
      SSL_CERT_FILE: `${HOME}/authority.txt`,
      CLAUDE_CODE_MAX_RETRIES: "1",
    },
  });
  await worker.client.files.write({ name: "closed", path: "authority.txt", content: certificates.ca });
  await install(place);
  for (const host of PROVIDERS) {
    worker.names.set(host, worker.internet);
    // The stand-in is at a private address, to which no preset leads.
    await worker.client.egress.allow({ name: "closed", rule: `${host}/private` });
  }
}, 300_000);

afterAll(async () => {
  await (worker as EgressWorker | undefined)?.[Symbol.asyncDispose]();
  directory[Symbol.dispose]();
});

/** The stand-in for all providers, in the workspace in the place of the internet. */
async function serveModels({ key: serverKey, cert }: { key: string; cert: string }): Promise<void> {
  const provider = await readFile(new URL("../testing/model-provider.ts", import.meta.url), "utf8");
  const main = `
import { appendFileSync, readFileSync } from "node:fs";
import { startModelProvider } from "./model-provider.ts";
await startModelProvider({
  listen: { host: "0.0.0.0", port: 443 },
  tls: JSON.parse(readFileSync("tls.json", "utf8")),
  heard: (request) => appendFileSync("heard", JSON.stringify(request) + "\\n"),
});
console.log("listens");`;
  const files = {
    "model-provider.ts": provider,
    "main.ts": main,
    "tls.json": JSON.stringify({ key: serverKey, cert }),
  };
  for (const [name, content] of Object.entries(files)) {
    await worker.client.files.write({ name: "internet", path: name, content });
  }
  const begun = await worker.run(
    "internet",
    `cd && touch heard && (setsid node main.ts >said 2>&1 &) && timeout 50 sh -c 'until grep listens said; do sleep 0.1; done'`,
  );
  if (begun.exitCode !== 0) throw new Error(`the stand-in for the providers does not answer: ${begun.stderr}`);
}

/** As npm would have it, which reaches no registry here. */
async function install(place: string): Promise<void> {
  const modules = join(place, "node_modules");
  const docker = (...argv: string[]) => promisify(execFile)("docker", argv);
  // By its id: on this engine other workers may have a workspace of this name, too.
  const { containerId } = await worker.client.workspaces.get({ name: "closed" });
  const lib = `${HOME}/.local/lib/node_modules`;
  const bin = `${HOME}/.local/bin`;
  await docker("exec", containerId, "mkdir", "-p", lib);
  for (const name of await readdir(modules)) {
    if (name.startsWith("@") || name.startsWith("opencode")) {
      await docker("cp", "--quiet", join(modules, name), `${containerId}:${lib}/${name}`);
    }
  }
  const { stdout } = await promisify(execFile)("sh", [
    "-c",
    'cd "$1" && for each in *; do echo "$each $(readlink "$each")"; done',
    "sh",
    join(modules, ".bin"),
  ]);
  for (const line of stdout.trim().split("\n")) {
    const [tool = "", target = ""] = line.split(" ");
    await docker("exec", containerId, "ln", "-sf", join(lib, ".bin", target), `${bin}/${tool}`);
  }
}

async function heard(): Promise<ModelRequest[]> {
  const { stdout } = await worker.run("internet", "cat heard; : >heard");
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ModelRequest);
}

async function outcome(tool: string): Promise<TaskInfo> {
  const model = tool === "opencode" ? { model: "anthropic/claude-sonnet-4-5" } : {};
  const spec = { kind: "agent", tool, prompt: "Say hello.", ...model } as const;
  const { id } = await worker.client.tasks.create({ name: "closed", spec });
  const states = await worker.client.tasks.events({ name: "closed" });
  for await (const event of states) {
    const task = (event.type === "snapshot" ? event.tasks : [event.task]).find((one) => one.id === id);
    if (task !== undefined && task.status !== "pending" && task.status !== "running") return task;
  }
  throw new Error("nothing tells what becomes of it");
}

const refusals = async (): Promise<string[]> => {
  const refused = await worker.client.egress.refusals({ name: "closed" });
  return [...new Set(refused.map(({ host }) => host))].toSorted();
};

describe.each(Object.entries(TOOLS))("The real %s", { timeout: 300_000 }, (tool, host) => {
  test("finds its provider through the proxy, with the list of hosts that is there by itself (row 23)", async () => {
    const before = await refusals();
    const task = await outcome(tool);
    expect(task).toMatchObject({ status: "completed", result: "All done here." });
    const requests = await heard();
    const asked = requests.find(({ text }) => text.includes("Say hello."));
    expect([asked?.key, asked?.path]).toEqual([key, expect.stringMatching(/messages|responses/)]);
    // Codex asks for a WebSocket first.
    if (tool === "codex")
      expect(requests.some(({ path, text }) => path.includes("responses") && text === "")).toBe(true);
    // OpenCode looks for its providers' packages at npm's registry, which is not on the list here.
    const others = tool === "opencode" ? ["registry.npmjs.org"] : [];
    expect((await refusals()).filter((each) => !before.includes(each))).toEqual(others);
    const { rows } = await worker.client.usage.summary({ name: "closed", by: "agent", refresh: true });
    expect(rows).toContainEqual(expect.objectContaining({ key: tool, answers: expect.any(Number) as number }));
  });

  test("that may not reach its provider fails, says so, and needs no other key", async () => {
    await worker.client.egress.deny({ name: "closed", host });
    const task = await outcome(tool);
    expect(task).toMatchObject({
      status: "failed",
      error: {
        code: "egress_refused",
        message: `${tool} may not reach what it needs from this workspace.`,
        next: expect.stringContaining("ws egress NAME refusals") as string,
      },
    });
    expect((await heard()).filter(({ text }) => text.includes("Say hello."))).toEqual([]);
    expect(await refusals()).toContain(host);
    await worker.client.egress.allow({ name: "closed", rule: `${host}/private` });
  });
});
