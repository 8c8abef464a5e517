import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tempDir } from "../testing/temp-dir.ts";
import { startTestAgent } from "../testing/test-agent.ts";
import { collectBundle, writeBundle, type BundlePart } from "./index.ts";
import { withoutSecretForms } from "./secret-forms.ts";

/** Of no form that is known for secrets: it is taken out by its value or not at all. */
const secret = (): string => randomBytes(16).toString("hex");
const env = { HOME: "/dev/null/none" };
const checks = [{ id: "node", title: "Node", status: "ok", message: "v26" }] as const;

function directoryOfItsOwn(): string {
  const directory = tempDir();
  onTestFinished(() => directory[Symbol.dispose]());
  return directory.path;
}

const named = (parts: readonly BundlePart[], name: string): string =>
  parts.find((part) => part.name === name)?.text ?? "";

test("has what helps, of an agent that is gone too, and nothing that the worker was given, though the log had it (bug report)", async () => {
  const configDir = join(directoryOfItsOwn(), "config");
  const canaries = { variable: secret(), hub: secret(), own: secret(), task: secret(), file: secret() };
  const npmrc = join(configDir, "..", "npmrc");
  writeFileSync(npmrc, `//registry.test/:_authToken=${canaries.file}\n`);
  await using agent = await startTestAgent({ configDirectory: configDir });
  await agent.local.config.settings.set({ key: "env.TOKEN", value: canaries.variable });
  await agent.local.config.settings.set({ key: "hub.token", value: canaries.hub });
  await agent.local.config.settings.set({ key: "files.~/.npmrc", value: npmrc });
  await agent.local.workspaces.create({ name: "demo", env: { OWN: canaries.own } });
  const spec = { kind: "command" as const, command: ["true"], env: { GIVEN: canaries.task } };
  await agent.local.tasks.create({ name: "demo", spec });
  await agent[Symbol.asyncDispose]();
  const keys = ["ssh/host_key", "tls/worker.key"].map((name) => {
    const [begin, line, end] = ["-----BEGIN EC PRIVATE KEY-----", secret(), "-----END EC PRIVATE KEY-----"];
    mkdirSync(dirname(join(configDir, name)), { recursive: true });
    writeFileSync(join(configDir, name), `${[begin, line, end].join("\n")}\n`);
    return [name, line] as const;
  });
  Object.assign(canaries, Object.fromEntries(keys));
  // As an agent would have written it that did not know them.
  for (const canary of Object.values(canaries)) {
    for (const form of [canary, Buffer.from(canary).toString("base64")]) {
      appendFileSync(join(configDir, "agent.log"), `{"level":30,"msg":"said ${form} and went on"}\n`);
    }
  }
  const parts = await collectBundle({ configDir, checks, env });
  expect(parts.map(({ name }) => name)).toEqual([
    "doctor.json",
    "versions.json",
    "config.json",
    "state.json",
    "agent.log",
  ]);
  expect(JSON.parse(named(parts, "doctor.json"))).toEqual(checks);
  expect(JSON.parse(named(parts, "versions.json"))).toMatchObject({ ws: "0.1.0", node: process.version });
  expect(JSON.parse(named(parts, "state.json"))).toMatchObject({ rows: { workspaces: 1, tasks: 1 } });
  expect(JSON.parse(named(parts, "config.json"))).toMatchObject({
    settings: { "hub.token": "@stored" },
    credentials: { env: ["TOKEN"] },
  });
  const all = parts.map(({ text }) => text).join("\n");
  for (const canary of Object.values(canaries)) {
    expect(all).not.toContain(canary);
    expect(all).not.toContain(Buffer.from(canary).toString("base64").slice(0, -4));
  }
  expect(named(parts, "agent.log").match(/said \[redacted\]\S* and went on/g)).toHaveLength(14);
});

test("the log is its newest whole lines of both files, two MiB at most", async () => {
  const configDir = directoryOfItsOwn();
  const line = (number: number): string => `${String(number).padStart(7, "0")} ${"x".repeat(91)}\n`;
  const lines = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, index) => line(from + index)).join("");
  writeFileSync(join(configDir, "agent.log.1"), lines(0, 30_000));
  writeFileSync(join(configDir, "agent.log"), lines(30_000, 30_100));
  const log = named(await collectBundle({ configDir, checks, env }), "agent.log");
  expect(log.length).toBeLessThanOrEqual(2 * 1024 * 1024);
  expect(log.length).toBeGreaterThan(2 * 1024 * 1024 - 200);
  expect(log).toMatch(/^\d{7} x/);
  expect(log.endsWith(line(30_099))).toBe(true);
});

test("where it cannot be told what is secret the log is left out, and settings that cannot be read are named by their place alone", async () => {
  const configDir = directoryOfItsOwn();
  const canary = secret();
  writeFileSync(join(configDir, "agent.log"), `${canary}\n`);
  writeFileSync(join(configDir, "secrets.json"), `{"env": {"TOKEN": "${canary}"`);
  writeFileSync(join(configDir, "config.json"), `{"hub": {"token": "${canary}"\n`);
  const parts = await collectBundle({ configDir, checks, env });
  expect(parts.find(({ name }) => name === "agent.log")?.what).toContain("left out");
  expect(JSON.stringify(parts)).not.toContain(canary);
  expect(named(parts, "config.json")).toMatch(/^config\.json cannot be used; what is wrong is in line \d+/);
});

test.each([
  ["the key is gone with secrets.json", (configDir: string) => rmSync(join(configDir, "secrets.json"))],
  ["a file that was given is gone", (configDir: string) => rmSync(join(configDir, "..", "token"))],
])("where %s, nobody knows what the log may hold, and it is left out", async (_, lose) => {
  const configDir = join(directoryOfItsOwn(), "config");
  const canary = secret();
  await using agent = await startTestAgent({ configDirectory: configDir });
  writeFileSync(join(configDir, "..", "token"), canary);
  await agent.local.config.settings.set({ key: "files.~/.token", value: join(configDir, "..", "token") });
  await agent.local.workspaces.create({ name: "demo", env: { OWN: canary } });
  await agent[Symbol.asyncDispose]();
  appendFileSync(join(configDir, "agent.log"), `{"msg":"${canary}"}\n`);
  expect(named(await collectBundle({ configDir, checks, env }), "agent.log")).toContain("[redacted]");
  lose(configDir);
  const parts = await collectBundle({ configDir, checks, env });
  expect(parts.find(({ name }) => name === "agent.log")?.what).toContain("left out");
  expect(JSON.stringify(parts)).not.toContain(canary);
});

test("of a unit, whoever wrote it, the names of variables are shown and no value but the directory's; one that cannot be read says so", async () => {
  const home = directoryOfItsOwn();
  const path = join(home, "systemd", "user", "workspace-agent.service");
  const [one, two, three] = [secret(), secret(), secret()];
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `# ${one}
[Service]
Environment="WS_CONFIG_DIR=/srv/a b" REGISTRY_PASSWORD="with ${one}" \\
  'WS_GITHUB_TOKEN=${two}' ${three}
Environment=OPEN="${one}
SetCredential=a:${one}
ExecStart=/usr/bin/env TOKEN=${one} "/opt/ws/main.js" agent run --token=${two} ${three}
Restart=always
`,
  );
  const collect = async () => collectBundle({ configDir: home, checks, env: { ...env, XDG_CONFIG_HOME: home } });
  expect(named(await collect(), "workspace-agent.service")).toBe(`[Service]
Environment="WS_CONFIG_DIR=/srv/a b" REGISTRY_PASSWORD=[hidden] WS_GITHUB_TOKEN=[hidden] [hidden]
Environment=[hidden]
SetCredential=[hidden]
ExecStart=/usr/bin/env [hidden] "/opt/ws/main.js" agent run --token=[hidden] [hidden]
Restart=always
`);
  rmSync(path);
  mkdirSync(path);
  expect(await collect()).toContainEqual({
    name: "workspace-agent.service",
    what: "cannot be read",
    text: expect.stringContaining("EISDIR"),
  });
});

test("of settings that nobody knows the names are shown, and a secret that was typed into config.json is hidden", async () => {
  const configDir = directoryOfItsOwn();
  const [own, other] = [secret(), secret()];
  const content = { hub: { token: own }, mine: { password: other }, credentials: { env: { A: other } } };
  writeFileSync(join(configDir, "config.json"), JSON.stringify(content));
  const text = named(await collectBundle({ configDir, checks, env }), "config.json");
  expect(JSON.parse(text)).toMatchObject({ settings: { "hub.token": "[hidden]" }, unknown: ["mine"] });
  for (const canary of [own, other]) expect(text).not.toContain(canary);
});

test("what looks like a secret is taken out, whether anybody knows it or not", () => {
  const random = secret();
  const token = `wst_${random}`;
  for (const text of [
    token,
    `https://ada:${random}@git.test/a/b.git`,
    `GET /terminal?token=${random}&x=1`,
    `http://127.0.0.1:7391/#code=${random}`,
    `authorization: Bearer ${random}`,
    `${["-----BEGIN", "PRIVATE KEY-----"].join(" ")}\n${random}\n`,
  ]) {
    expect(withoutSecretForms(text)).not.toContain(random);
    expect(withoutSecretForms(text)).toContain("[redacted]");
  }
  expect(withoutSecretForms(`a.long.word.before.it.https://ada:p@${random}@git.test/`)).not.toContain(random);
  const plain = '{"url":"https://git.test/a/b.git","at":"2026-01-02T00:00:00Z","msg":"a token is needed"}';
  expect(withoutSecretForms(plain)).toBe(plain);
});

test("a key without an end hides its own lines alone, and what is long costs no more than its length (log injection)", () => {
  const begin = ["-----BEGIN", "PRIVATE KEY-----"].join(" ");
  const random = secret();
  const cut = `{"msg":"${begin}\\n${random}"}\n{"msg":"after"}\n`;
  expect(withoutSecretForms(cut)).toBe('{"msg":"[redacted]\n{"msg":"after"}\n');
  const whole = `{"msg":"${begin}\\n${random}\\n${begin.replace("BEGIN", "END")} and on"}\n`;
  expect(withoutSecretForms(whole)).toBe('{"msg":"[redacted] and on"}\n');
  // Of what looked back at each of its characters, this is minutes.
  const long = ["a-", "x://", "?a", "token ", `${begin} `].map((part) => part.repeat(2 ** 21 / part.length));
  for (const text of long) withoutSecretForms(text);
});

test("it is a file of this user's alone with the list of what it has first, never over another and through no link", () => {
  const directory = directoryOfItsOwn();
  const file = join(directory, "bundle.txt");
  const parts = [{ name: "a.json", what: "the one", text: "{}\n" }];
  expect(writeBundle(file, parts)).toBe(statSync(file).size);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8")).toBe("What this file has:\n  a.json: the one\n\n===== a.json =====\n{}\n");
  symlinkSync(join(directory, "elsewhere"), join(directory, "link"));
  for (const taken of [file, join(directory, "link"), "/dev/null/none/bundle.txt"]) {
    expect(() => writeBundle(taken, parts)).toThrow(expect.objectContaining({ code: "invalid_input" }));
  }
  expect(existsSync(join(directory, "elsewhere"))).toBe(false);
});
