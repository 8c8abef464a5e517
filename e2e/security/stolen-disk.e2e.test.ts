import { generateKeyPairSync, randomBytes } from "node:crypto";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { shareAgent } from "../support/share-agent.ts";

/** With signs that a URL writes otherwise. */
const canary = (): string => `c/${randomBytes(15).toString("hex")}+=`;

const canaries = {
  variable: canary(),
  file: canary(),
  pat: canary(),
  hubToken: canary(),
  own: canary(),
  task: canary(),
  command: canary(),
  unit: canary(),
};

/** How a text may lie in a file: as it is, as a URL or JSON has it, or as base64, wherever in that it begins. */
function formsOf(text: string): string[] {
  const shifted = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before, 32), Buffer.from(text)]).toString("base64");
    // What stands at the ends depends on what is beside it.
    return whole.slice(before === 0 ? 0 : 4, -4);
  });
  const url = encodeURIComponent(text);
  return [text, JSON.stringify(text).slice(1, -1), url, url.toLowerCase(), ...shifted];
}

let agent: AgentProcess;
let directory: string;
/** A line of the App's key: a PEM is written with ends of lines, or without. */
let keyLine: string;

shareAgent(async (parts) => {
  agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: "local", WS_LOCAL_SANDBOX: "none" } }));
  return agent;
});
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ws-e2e-stolen-"));
  await mkdir(join(directory, "given"));
  const source = join(directory, "given", "token");
  const script = join(directory, "given", "says.sh");
  await writeFile(source, canaries.file);
  // What it was given comes out of it, as a careless script's does.
  await writeFile(script, '#!/bin/sh\necho "with $TOKEN and $OWN"; cat ~/.token\n', { mode: 0o700 });
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs1", format: "pem" });
  keyLine = pem.split("\n")[3] ?? "";
  const ws = async (argv: readonly string[], stdin?: string) => {
    const { code, stderr } = await agent.ws(argv, stdin === undefined ? {} : { stdin });
    expect({ argv: argv.slice(0, 3), code, stderr: code === 0 ? "" : stderr }).toEqual({
      argv: argv.slice(0, 3),
      code: 0,
      stderr: "",
    });
  };
  await ws(["credential", "set", "env.TOKEN"], canaries.variable);
  await ws(["config", "set", "files.~/.token", source]);
  await ws(["config", "set", "scripts.post_start", script]);
  await ws(["config", "set", "hub.token", canaries.hubToken]);
  const { client } = agent;
  await client.config.settings.set({ key: "github.privateKey", value: pem });
  await client.credentials.set({ name: "work", type: "pat", host: "git.test", value: canaries.pat });
  await ws(["start", "demo", "--env", `OWN=${canaries.own}`]);
  // A clone that fails quotes the address that it was given.
  await agent.ws(["start", "leak", "--clone", `https://ada:${encodeURIComponent(canaries.pat)}@127.0.0.1:1/a/b.git`]);
  await agent.ws([
    "exec",
    "demo",
    "--env",
    `GIVEN=${canaries.command}`,
    "--",
    "sh",
    "-c",
    'echo "$GIVEN $OWN"; nothing "$GIVEN"',
  ]);
  await agent.ws(["exec", "demo", "--", "echo", canaries.own]);
  const spec = {
    kind: "command" as const,
    command: ["sh", "-c", 'echo "$TASK"; exit 3'],
    env: { TASK: canaries.task },
  };
  const { id } = await client.tasks.create({ name: "demo", spec });
  await agent.ws(["task", "logs", id, "--follow"]);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function hits(places: ReadonlyMap<string, string>): Promise<string[]> {
  const all = [...Object.entries(canaries), ["appKey", keyLine] as const];
  return all.flatMap(([name, text]) =>
    [...places]
      .filter(([, content]) => formsOf(text).some((form) => content.includes(form)))
      .map(([place]) => `${name} in ${place}`),
  );
}

/** Every file of the worker but the one that is there for secrets, and what workspaces have of their own. */
async function filesOf(configDirectory: string): Promise<Map<string, string>> {
  const found = await readdir(configDirectory, { recursive: true, withFileTypes: true });
  const paths = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) => !path.startsWith(join(configDirectory, "workspaces")) && path !== join(configDirectory, "secrets.json"),
    );
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path, "latin1")] as const)));
}

test("a stolen disk without secrets.json holds nothing that the worker was given, in its state, its log of writes and its own log (row 53, stolen worker disk)", async () => {
  // Where it does lie, so that what is searched for is what is there.
  const kept = await readFile(join(agent.configDirectory, "secrets.json"), "utf8");
  for (const text of [canaries.variable, canaries.hubToken, canaries.pat]) expect(kept).toContain(text);
  const places = await filesOf(agent.configDirectory);
  expect([...places.keys()].map((path) => path.slice(agent.configDirectory.length + 1))).toEqual(
    expect.arrayContaining(["config.json", "state.db", "state.db-wal", "agent.log"]),
  );
  expect(await hits(places)).toEqual([]);
  // The values are in it all the same, sealed.
  const db = new DatabaseSync(join(agent.configDirectory, "state.db"), { readOnly: true });
  expect(
    db.prepare("SELECT count(*) AS sealed FROM workspaces WHERE json_extract(record, '$.sealed') IS NOT NULL").get(),
  ).toMatchObject({ sealed: 1 });
  db.close();
});

/** As an agent left its log that knew less, and as somebody wrote a unit by hand. What came with one command nobody kept, so nobody knows it. */
async function prepareBundle(home: string): Promise<void> {
  const { command: _command, unit: _unit, ...known } = canaries;
  for (const text of [...Object.values(known), keyLine]) {
    for (const form of [text, encodeURIComponent(text), Buffer.from(text).toString("base64")]) {
      await appendFile(join(agent.configDirectory, "agent.log"), `${JSON.stringify({ msg: `said ${form} once` })}\n`);
    }
  }
  await mkdir(join(home, "systemd", "user"), { recursive: true });
  const unit = `[Service]\nEnvironment=WS_GITHUB_TOKEN=${canaries.unit} "OTHER=a ${canaries.unit}"\n`;
  await writeFile(join(home, "systemd", "user", "workspace-agent.service"), unit);
}

test("an export, a bundle, a backup and whatever is printed hold nothing of it (row 53, stolen backup, bug report)", async () => {
  const [bundle, backup] = [join(directory, "bundle.txt"), join(directory, "worker.backup")];
  const commands: Record<string, readonly string[]> = {
    "state export": ["state", "export"],
    "doctor --bundle": ["doctor", "--bundle", bundle],
    backup: ["backup", backup],
    config: ["config", "list", "--json"],
    credentials: ["credential", "list", "--json"],
    audit: ["audit", "--json"],
    info: ["info", "demo", "--json"],
    logs: ["logs", "demo"],
    list: ["list", "--json"],
    tasks: ["task", "list", "--json"],
  };
  const places = new Map<string, string>();
  const home = join(directory, "home");
  await prepareBundle(home);
  for (const [name, argv] of Object.entries(commands)) {
    const { code, stdout, stderr } = await agent.ws(argv, { env: { XDG_CONFIG_HOME: home } });
    expect([name, code, code === 0 ? "" : stderr]).toEqual([name, 0, ""]);
    places.set(name, `${stdout}\n${stderr}`);
  }
  expect(places.get("logs")).toMatch(/with \[redacted\] and \[redacted\][\s\S]*\[redacted\]/);
  const unpacked = zstdDecompressSync(await readFile(backup)).toString("latin1");
  expect(unpacked).toContain("state.db");
  const bundled = await readFile(bundle, "latin1");
  expect(bundled).toContain("WS_GITHUB_TOKEN=[hidden]");
  expect(bundled).toMatch(/said \[redacted\]\S* once/);
  places.set("bundle", bundled);
  places.set("unpacked backup", unpacked);
  places.set("what the agent printed", agent.output());
  expect(await hits(places)).toEqual([]);
});
