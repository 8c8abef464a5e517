import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { socketPath } from "@ws/agent/paths";
import { expect, test } from "vitest";
import type { Command } from "commander";
import { registerCommands } from "./commands/index.ts";
import { createContext } from "./context.ts";
import { EXIT } from "./errors.ts";
import { createProgram, run } from "./run.ts";
import { findTarget } from "./target.ts";
import { createFakeIo } from "./testing/fake-io.ts";

function directory(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "ws-cli-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

test("without words it prints the help and succeeds", async () => {
  const io = createFakeIo();
  expect(await run([], io)).toBe(EXIT.ok);
  expect(io.out()).toContain("ws start demo --clone");
});

test("every command's help shows an example, and fits a terminal of 60 columns", async () => {
  const words: string[][] = [[]];
  for (const path of words) {
    const { code, said, described } = await helpAt(60, path);
    expect(code).toBe(EXIT.ok);
    expect(said).toMatch(/Examples?:/);
    expect(described.split("\n").filter((line) => line.length > 60)).toEqual([]);
    const [, commands = ""] = /\nCommands:\n([\s\S]*?)(?:\n\n|$)/.exec(described) ?? [];
    for (const [, name = ""] of commands.matchAll(/^ {2}([a-z][a-z-]*)/gm))
      if (name !== "help") words.push([...path, name]);
  }
  expect(words.length).toBeGreaterThan(20);
});

test("help fits also where it says ./ws, whatever word then begins a line", async () => {
  for (let columns = 50; columns <= 70; columns += 1) {
    const { described } = await helpAt(columns, [], { WS_CALLED: "./ws" });
    expect(described).toMatch(/'\.\/ws\s+agent\s+run'/);
    expect(described.split("\n").filter((line) => line.length > columns)).toEqual([]);
  }
});

async function helpAt(columns: number, path: readonly string[], env: Record<string, string> = {}) {
  const io = createFakeIo(env);
  io.stdout.columns = columns;
  const code = await run([...path, "--help"], io);
  const said = io.out();
  const [described = ""] = said.split(/Examples?:/);
  return { code, said, described };
}

test.each([[["help", "strat"]], [["strat", "--help"]]])(
  "%j is wrong use, not the help of something else",
  async (argv) => {
    const io = createFakeIo();
    expect(await run(argv, io)).toBe(EXIT.usage);
    expect(io.err()).toBe("ws: Unknown command 'strat'. (usage)\n    Did you mean start?\n");
    expect(io.out()).toBe("");
  },
);

test("'ws help token create' is the help of that command", async () => {
  const io = createFakeIo();
  expect(await run(["help", "token", "create"], io)).toBe(EXIT.ok);
  expect(io.out()).toMatch(/^Usage: ws token create/);
});

test("every command takes --yes, also one that asks nothing", async () => {
  using config = directory();
  const io = createFakeIo({ WS_CONFIG_DIR: config.path });
  expect(await run(["list", "--yes"], io)).toBe(EXIT.unavailable);
});

test("what any command prints is JSON for whoever asks for that", () => {
  const io = createFakeIo();
  const program = createProgram(io);
  registerCommands(program, createContext(io));
  const without: string[] = [];
  const look = (command: Command, path: readonly string[]): void => {
    const isVerb = command.registeredArguments.length > 0 || command.commands.length === 0;
    if (isVerb && !command.options.some(({ long }) => long === "--json")) without.push(path.join(" "));
    for (const verb of command.commands) look(verb, [...path, verb.name()]);
  };
  for (const command of program.commands) look(command, [command.name()]);
  // These speak to shells, and to SSH.
  expect(without.toSorted()).toEqual(["__complete", "completion", "ssh-proxy"]);
});

test("with --quiet there are no hints, and an error is told all the same", async () => {
  using home = directory();
  const loud = createFakeIo({ WS_CONFIG_DIR: home.path });
  await run(["config", "set", "worker", "box"], loud);
  expect(loud.err()).toContain("worker is set");
  const io = createFakeIo({ WS_CONFIG_DIR: home.path });
  expect(await run(["config", "set", "worker", "box", "--quiet"], io)).toBe(EXIT.ok);
  expect([io.out(), io.err()]).toEqual(["", ""]);
  expect(await run(["lits", "--quiet"], io)).toBe(EXIT.usage);
  expect(io.err()).toContain("Did you mean list?");
});

test("an unknown verb is wrong use and names the nearest", async () => {
  const io = createFakeIo();
  expect(await run(["lits"], io)).toBe(EXIT.usage);
  expect(io.err()).toContain("Did you mean list?");
});

test.each([
  [["exec", "demo", "ls", "-la"], "Put -- before the command: ws exec demo -- ls -la"],
  [["exec", "demo", "grep", "-r", "a b"], "Put -- before the command: ws exec demo -- grep -r 'a b'"],
  [["exec", "demo", "grep", "--quiet", "x"], "Put -- before the command: ws exec demo -- grep --quiet x"],
  [
    ["exec", "demo", "apt-get", "-y", "install", "x"],
    "Put -- before the command: ws exec demo -- apt-get -y install x",
  ],
  [["exec", "-it", "demo", "sh"], "Put -- before the command: ws exec NAME -- COMMAND."],
  [["token", "create", "--scop", "read"], "Did you mean --scope?"],
  [["token", "create"], "See: ws token create --help."],
  [["token", "create", "ci", "--scope", "root"], "Use read, write, admin, metrics or workspace:NAME."],
  [["start", "demo", "--memory", "5"], "Use 32m or more, such as 512m or 4g."],
  [["list", "demo"], "Expected 0 arguments but got 1: demo."],
])("wrong use %j looks like any failure and leads on", async (argv, next) => {
  const io = createFakeIo();
  expect(await run(argv, io)).toBe(EXIT.usage);
  expect(io.err()).toMatch(/^ws: [A-Z].*\. \(usage\)\n {4}\S.*\n$/);
  expect(io.err()).toContain(`    ${next}\n`);
});

test("with --json wrong use is JSON too", async () => {
  const io = createFakeIo();
  expect(await run(["list", "--json", "--al"], io)).toBe(EXIT.usage);
  expect(JSON.parse(io.err())).toMatchObject({ error: { code: "usage", message: "Unknown option '--al'." } });
});

test("a group of verbs without a verb shows what there is", async () => {
  const io = createFakeIo();
  expect(await run(["token"], io)).toBe(EXIT.usage);
  expect(io.err()).toMatch(/^Usage: ws token/);
  expect(io.err()).not.toContain("ws:");
});

test.each([[["exec", "demo", "--", "true"]], [["shell", "demo", "-c", "true"]]])(
  "%j exits with 125 whatever kept the command from running",
  async (argv) => {
    using home = directory();
    const io = createFakeIo({ WS_CONFIG_DIR: home.path });
    expect(await run(argv, io)).toBe(EXIT.notRun);
    expect(io.err()).toContain("no_worker");
  },
);

test("on a machine that was a worker a command says how to start its agent", async () => {
  using home = directory();
  writeFileSync(join(home.path, "state.db"), "");
  const io = createFakeIo({ WS_CONFIG_DIR: home.path });
  expect(await run(["list"], io)).toBe(EXIT.unavailable);
  expect(io.err()).toContain("agent_unreachable");
  expect(io.err()).toContain("ws agent run");
});

test("with --json an error is one JSON object on stderr and stdout stays empty", async () => {
  using home = directory();
  const io = createFakeIo({ WS_CONFIG_DIR: home.path });
  expect(await run(["list", "--json"], io)).toBe(EXIT.unavailable);
  expect(JSON.parse(io.err())).toMatchObject({ error: { code: "no_worker", next: expect.any(String) } });
  expect(io.out()).toBe("");
});

test("the worker is remembered on this device, readable by its user only, and forgotten again", async () => {
  using home = directory();
  const env = { WS_CONFIG_DIR: join(home.path, "new") };
  expect(await run(["config", "set", "worker", "my-desktop"], createFakeIo(env))).toBe(EXIT.ok);
  const file = join(env.WS_CONFIG_DIR, "client.json");
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ worker: "http://my-desktop:7391" });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const io = createFakeIo(env);
  await run(["config", "get", "worker"], io);
  expect(io.out()).toBe("http://my-desktop:7391\n");
  await run(["config", "unset", "worker"], createFakeIo(env));
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({});
});

test.each([
  ["{ nonsense", "1:3: expected a name in double quotes, found 'n'"],
  ["", "1:1: expected a value, found the end of the file"],
  ["null", "1:1: it must be an object"],
  ["[]", "1:1: it must be an object"],
  ['{"worker": 5}', "1:12: worker must be text"],
  ['{"workers": []}', "1:13: workers must be an object"],
  ['{"workers": {"desk": {"url": 5}}}', "1:30: workers.desk.url must be text"],
  ['{\n  "worker": "http://box:7391",\n  "token": ["x"]\n}', "3:12: token must be text"],
])("a client.json of %j is named with the place and left as it is", async (content, says) => {
  using home = directory();
  const file = join(home.path, "client.json");
  writeFileSync(file, content);
  for (const argv of [["list"], ["config", "get", "worker"], ["config", "set", "worker", "box"]]) {
    const io = createFakeIo({ WS_CONFIG_DIR: home.path });
    expect(await run(argv, io)).toBe(EXIT.failed);
    expect(io.err()).toContain(`ws: ${file}:${says}`);
    expect(io.err()).toMatch(/\. \(config_invalid\)\n {4}Correct or remove the file\. It has not been changed\.\n$/);
    expect(readFileSync(file, "utf8")).toBe(content);
  }
});

test("a client.json that cannot be read says so", async () => {
  using home = directory();
  mkdirSync(join(home.path, "client.json"));
  const io = createFakeIo({ WS_CONFIG_DIR: home.path });
  expect(await run(["list"], io)).toBe(EXIT.failed);
  expect(io.err()).toMatch(/client\.json cannot be read \(EISDIR\)\. \(config_invalid\)/);
});

test("what another version keeps in client.json outlives a change, and is not shown", async () => {
  using home = directory();
  const file = join(home.path, "client.json");
  writeFileSync(file, '{"worker":"http://box:7391","later":{"x":1}}');
  expect(await run(["config", "unset", "worker"], createFakeIo({ WS_CONFIG_DIR: home.path }))).toBe(EXIT.ok);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ later: { x: 1 } });
});

test.each(["--memory=4x", "--ttl=soon", "--cpus=0", "--env=1A=2", "--profile=root"])(
  "'ws start demo %s' is wrong use and reaches no agent",
  async (flag) => {
    const io = createFakeIo({ WS_CONFIG_DIR: "/nonexistent" });
    expect(await run(["start", "demo", flag], io)).toBe(EXIT.usage);
    expect(io.err()).toMatch(/^ws: Option .* is invalid\. \(usage\)\n {4}(Use|Allowed)/);
  },
);

test("a shell needs a terminal and says what to use in a script", async () => {
  const io = createFakeIo({ WS_CONFIG_DIR: "/nonexistent" });
  expect(await run(["shell", "demo"], io)).toBe(EXIT.usage);
  expect(io.err()).toContain("ws shell demo -c");
});

test("the socket is looked for where the agent puts it, also below a directory too deep for a socket", async () => {
  const deep = `/tmp/${"deep/".repeat(30)}`;
  expect(await findTarget({ WS_CONFIG_DIR: deep })).toEqual({ kind: "socket", path: socketPath(deep) });
  expect(await findTarget({ WS_CONFIG_DIR: "", HOME: "/home/me" })).toEqual({
    kind: "socket",
    path: "/home/me/.config/workspace/agent.sock",
  });
});
