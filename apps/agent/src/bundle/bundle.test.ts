import { appendFileSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tempDir } from "../testing/temp-dir.ts";
import { startTestAgent } from "../testing/test-agent.ts";
import { secret } from "../testing/with-config.ts";
import { collectBundle, writeBundle, type BundlePart } from "./index.ts";
import { withoutSecretForms } from "./secret-forms.ts";

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
  const canaries = { variable: secret(), hub: secret(), own: secret(), task: secret() };
  await using agent = await startTestAgent({ configDirectory: configDir });
  await agent.local.config.settings.set({ key: "env.TOKEN", value: canaries.variable });
  await agent.local.config.settings.set({ key: "hub.token", value: canaries.hub });
  await agent.local.workspaces.create({ name: "demo", env: { OWN: canaries.own } });
  const spec = { kind: "command" as const, command: ["true"], env: { GIVEN: canaries.task } };
  await agent.local.tasks.create({ name: "demo", spec });
  await agent[Symbol.asyncDispose]();
  // As an agent would have written it that did not know them.
  for (const canary of Object.values(canaries)) {
    for (const form of [canary, Buffer.from(canary).toString("base64")]) {
      appendFileSync(join(configDir, "agent.log"), `{"level":30,"msg":"said ${form} and went on"}\n`);
    }
  }
  const parts = collectBundle({ configDir, checks, env });
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
  expect(named(parts, "agent.log").match(/said \[redacted\]\S* and went on/g)).toHaveLength(8);
});

test("the log is its newest whole lines of both files, two MiB at most", () => {
  const configDir = directoryOfItsOwn();
  const line = (number: number): string => `${String(number).padStart(7, "0")} ${"x".repeat(91)}\n`;
  const lines = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, index) => line(from + index)).join("");
  writeFileSync(join(configDir, "agent.log.1"), lines(0, 30_000));
  writeFileSync(join(configDir, "agent.log"), lines(30_000, 30_100));
  const log = named(collectBundle({ configDir, checks, env }), "agent.log");
  expect(log.length).toBeLessThanOrEqual(2 * 1024 * 1024);
  expect(log.length).toBeGreaterThan(2 * 1024 * 1024 - 200);
  expect(log).toMatch(/^\d{7} x/);
  expect(log.endsWith(line(30_099))).toBe(true);
});

test("where it cannot be told what is secret the log is left out, and settings that cannot be read are named by their place alone", () => {
  const configDir = directoryOfItsOwn();
  const canary = secret();
  writeFileSync(join(configDir, "agent.log"), `${canary}\n`);
  writeFileSync(join(configDir, "secrets.json"), `{"env": {"TOKEN": "${canary}"`);
  writeFileSync(join(configDir, "config.json"), `{"hub": {"token": "${canary}"\n`);
  const parts = collectBundle({ configDir, checks, env });
  expect(parts.find(({ name }) => name === "agent.log")?.what).toContain("left out");
  expect(JSON.stringify(parts)).not.toContain(canary);
  expect(named(parts, "config.json")).toMatch(/^config\.json cannot be used; what is wrong is in line \d+/);
});

test("of settings that nobody knows the names are shown, and a secret that was typed into config.json is hidden", () => {
  const configDir = directoryOfItsOwn();
  const [own, other] = [secret(), secret()];
  const content = { hub: { token: own }, mine: { password: other }, credentials: { env: { A: other } } };
  writeFileSync(join(configDir, "config.json"), JSON.stringify(content));
  const text = named(collectBundle({ configDir, checks, env }), "config.json");
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
  const plain = '{"url":"https://git.test/a/b.git","at":"2026-01-02T00:00:00Z","msg":"a token is needed"}';
  expect(withoutSecretForms(plain)).toBe(plain);
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
