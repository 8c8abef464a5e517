import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { safe } from "@orpc/client";
import { expect, test } from "vitest";
import { createFakeAdapters } from "./testing/fake-adapters.ts";
import { tempDir } from "./testing/temp-dir.ts";
import { startTestAgent } from "./testing/test-agent.ts";

/** With signs that a URL and JSON write otherwise. */
const canary = (): string => `c/${randomBytes(15).toString("hex")}+"=`;

/** How a text may lie in a file: as it is, escaped, or as base64, wherever in that it begins. */
function formsOf(text: string): string[] {
  const shifted = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before, 32), Buffer.from(text)]).toString("base64");
    // What stands at the ends depends on what is beside it.
    return whole.slice(before === 0 ? 0 : 4, -4);
  });
  const url = encodeURIComponent(text);
  return [text, JSON.stringify(text).slice(1, -1), url, url.toLowerCase(), ...shifted];
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test("a stolen disk, without secrets.json, and what is told to a person, hold nothing that the worker was given (stolen backup or bug report)", async () => {
  using directory = tempDir();
  const configDirectory = join(directory.path, "config");
  const canaries = {
    variable: canary(),
    file: canary(),
    pat: canary().replace('"', ""),
    appKey: canary(),
    hubToken: canary().replace('"', ""),
    own: canary(),
    task: canary(),
  };
  const adapters = createFakeAdapters({
    programs: { script: ({ options }) => ({ stdout: `${JSON.stringify(options.env)}\n`, stderr: canaries.variable }) },
  });
  const source = join(directory.path, "source");
  const script = join(directory.path, "says.sh");
  writeFileSync(source, canaries.file);
  writeFileSync(script, "#!/bin/sh\n");
  const answers: unknown[] = [];
  await using agent = await startTestAgent({ configDirectory, adapters: () => adapters });
  const { local } = agent;
  const ask = async (work: Promise<unknown>): Promise<void> => {
    const { data, error } = await safe(work);
    answers.push(data, error, error?.message);
  };
  await local.config.settings.set({ key: "env.TOKEN", value: canaries.variable });
  await local.config.settings.set({ key: "files.~/.token", value: source });
  await local.config.settings.set({ key: "scripts.post_start", value: script });
  await local.config.settings.set({ key: "github.privateKey", value: canaries.appKey });
  await local.config.settings.set({ key: "hub.token", value: canaries.hubToken });
  await ask(local.credentials.set({ name: "work", type: "pat", host: "git.test", value: canaries.pat }));
  await ask(local.workspaces.create({ name: "demo", env: { OWN: canaries.own }, idempotencyKey: "k" }));
  await ask(local.workspaces.create({ name: "leak", clone: `https://ada:${canaries.pat}@git.test/a/b.git` }));
  const spec = { kind: "command" as const, command: ["sh", "-c", "exit 3"], env: { GIVEN: canaries.task } };
  await ask(local.tasks.create({ name: "demo", spec }));
  await ask(local.workspaces.exec({ name: "demo", command: ["nothing", canaries.own] }));
  for (const told of [
    local.state.export(),
    local.doctor(),
    local.config.settings.list(),
    local.config.credentials.get(),
    local.credentials.list(),
    local.audit.list(),
    local.workspaces.list(),
    local.workspaces.logs({ name: "demo" }),
  ]) {
    await ask(told);
  }
  expect(JSON.stringify(answers)).toContain("[redacted]");
  const places = new Map(filesBelow(configDirectory).map((path) => [path, readFileSync(path, "latin1")]));
  const secrets = [...places.keys()].filter((path) => path.endsWith("secrets.json"));
  expect(secrets).toHaveLength(1);
  expect(places.get(secrets[0] ?? "")).toContain(canaries.hubToken);
  for (const path of secrets) places.delete(path);
  places.set("answers", JSON.stringify(answers));
  places.set("log", agent.logged.join("\n"));
  const found = Object.entries(canaries).flatMap(([name, text]) =>
    [...places].flatMap(([path, content]) =>
      formsOf(text).some((form) => content.includes(form)) ? [`${name} in ${path}`] : [],
    ),
  );
  expect(found).toEqual([]);
});
