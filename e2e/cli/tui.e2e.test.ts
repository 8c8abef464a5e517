import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { agentStandIn } from "@ws/workspace-core/testing";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { createDevice, openPairing } from "../support/device.ts";
import { shareAgent } from "../support/share-agent.ts";
import { inTmux, type Tmux } from "../support/tmux.ts";

const launcher = fileURLToPath(new URL("../../ws", import.meta.url));
let agent: AgentProcess;

shareAgent(async (parts) => {
  agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: "local", ...HELPER } }));
  return agent;
});

// Each test begins with none, also after one that failed.
afterEach(async () => {
  for (const { name } of await agent.client.workspaces.list())
    await agent.client.workspaces.delete({ name, force: true });
});

/** A coding tool that a test puts into a workspace as `helper.js`. */
const HELPER = {
  WS_AGENTS_DEFAULT: "helper",
  WS_AGENTS_CUSTOM: JSON.stringify({
    helper: { argv: ["node", "helper.js"], resume: ["--resume", "{session}"], output: "claude" },
  }),
};

/** Of somebody at a terminal of their own: what runs these tests says otherwise of itself how many colours it has. */
const { COLORTERM: _depth, CI: _ci, NO_COLOR: _none, FORCE_COLOR: _forced, ...OF_A_PERSON } = process.env;

/** `ws` alone beside the agent, in a shell that says how it ended. */
async function open(given: { columns?: number; rows?: number; env?: Record<string, string> } = {}): Promise<Tmux> {
  const { columns = 80, rows = 24, env = {} } = given;
  // What tmux says of itself would be taken for a terminal with every colour.
  const set = Object.entries(env).map(([key, value]) => `${key}='${value}'`);
  const tmux = await inTmux(`env -u TMUX ${set.join(" ")} '${launcher}'; echo "ended with $?"; read -r more`, {
    env: { ...OF_A_PERSON, WS_CONFIG_DIR: agent.configDirectory, LC_ALL: "C.UTF-8" },
    columns,
    rows,
  });
  onTestFinished(() => tmux[Symbol.asyncDispose]());
  return tmux;
}

const GIVEN_BACK = "0 0 1";

describe.each([
  { columns: 80, rows: 24 },
  { columns: 200, rows: 50 },
])("the list at $columns×$rows", (size) => {
  test("is live, starts, stops and deletes after a question, and gives the terminal back", async () => {
    const name = `at${size.columns}`;
    const tmux = await open(size);
    await tmux.shows(/No workspaces yet\.\n\n Make one with n/);
    expect(await tmux.modes()).toBe("1 1 0");
    await agent.client.workspaces.create({ name });
    const list = await tmux.shows(new RegExp(`▌ ${name}  running +now`));
    const lines = list.split("\n");
    expect(lines[0]).toMatch(/^ ws {2}\S.* 1 of 1 running$/);
    expect(lines[0]).toHaveLength(size.columns - 1);
    expect(lines[2]).toMatch(/^ {3}NAME +STATUS +(DISK +)?USED$/);
    expect(lines[size.rows - 1]).toMatch(
      /^ ↵ open {3}t terminal {3}x stop {3}d delete {3}n new {3}a tasks {3}.*\? help {3}q quit$/,
    );
    await tmux.press("x");
    await tmux.shows(new RegExp(`Stop '${name}'\\?.*\n y stop {3}any other no`));
    await tmux.press("y");
    await tmux.shows(/▌ \S+ +stopped/);
    await tmux.press("?");
    await tmux.shows(/On this screen\n +↵ .*\n +t .*\n +s +start it/);
    await tmux.press("q");
    await tmux.shows(/▌ .*\n[^]* s start/);
    await tmux.press("s");
    await tmux.shows(/▌ \S+ +running/);
    await tmux.press("d");
    await tmux.shows(/Delete .* for ever/);
    await tmux.press("n");
    await tmux.shows(/q quit/);
    await tmux.press("d", "y");
    await tmux.shows(/No workspaces yet/);
    await tmux.press("q");
    await tmux.shows(/ended with 0/);
    expect(await tmux.modes()).toBe(GIVEN_BACK);
  });
});

test("a workspace is made in the screens, its terminal is left and taken up again, and its program has every key but one", async () => {
  const tmux = await open();
  await tmux.shows(/No workspaces yet/);
  await tmux.press("n");
  await tmux.shows(/Repository {3}type to search[^]*▌ none +an empty home/);
  await tmux.press("Enter");
  await tmux.shows(/new workspace › empty[^]*Name {9}demo/);
  // What is typed takes the place of the proposal.
  await tmux.type("demo-tui");
  await tmux.shows(/demo-tui/);
  await tmux.press("Enter");
  await tmux.shows(/› demo-tui[^]*Status +running[^]*No terminals yet\.[^]*↵ terminal {3}T another/);
  await tmux.press("Enter");
  await tmux.shows(/› demo-tui › main[^]*[$#] *\n[^]* \^\] leave/);
  await tmux.type('echo "pid=$$."\n');
  const pid = /pid=(\d+)\./.exec(await tmux.shows(/pid=\d+\./))?.[1];
  await tmux.type("stty size\n");
  await tmux.shows(/\n 21 78\n/);
  await tmux.type("vi notes\n");
  await tmux.shows(/\n ~\n ~\n/);
  await tmux.type("iq?n");
  await tmux.shows(/\n q\?n\n ~/);
  await tmux.press("Escape", ":", "w", "q", "Enter");
  await tmux.shows(/vi notes\n[^]*[$#] *\n/);
  await tmux.press("C-]");
  await tmux.shows(/▌ main/);
  await agent.kill();
  await agent.start();
  await tmux.press("t");
  await tmux.shows(/› main[^]*vi notes/);
  await tmux.type('clear; echo "pid=$$. $(cat notes)"\n');
  expect(await tmux.shows(/\n pid=\d+\. q\?n/)).toContain(`\n pid=${pid}. q?n\n`);
  await tmux.type("exit\n");
  await tmux.shows(/'main' has ended\./);
  await tmux.press("q");
  await tmux.shows(/▌ demo-tui/);
});

test.each([
  { columns: 80, rows: 24 },
  { columns: 200, rows: 50 },
])(
  "at $columns×$rows, a task that asks is found in the inbox and answered; logs, settings and workers are shown",
  async (size) => {
    await agent.client.workspaces.create({ name: "asks" });
    await agent.client.files.write({ name: "asks", path: "helper.js", content: agentStandIn("claude") });
    const tmux = await open(size);
    await tmux.shows(/▌ asks/);
    await agent.client.tasks.create({
      name: "asks",
      title: "Paint it",
      spec: { kind: "agent", tool: "helper", prompt: "ask" },
    });
    await tmux.shows(/^ ws .* 1 needs you {3}1 of 1 running\n/);
    await tmux.press("i");
    await tmux.shows(/▌ Paint it {2}Which way\? +asks/);
    await tmux.press("Enter");
    await tmux.shows(/Status +waiting_input[^]*Which way\?\n +- left\n +- right/);
    await tmux.press("Enter");
    await tmux.shows(/› answer[^]*Which way\?/);
    await tmux.type("The blue one?");
    await tmux.press("Enter");
    await tmux.shows(/Status +completed[^]*You said: The blue one\?/);
    await tmux.press("q", "q", "a");
    await tmux.shows(/▌ Paint it {2}completed/);
    await tmux.press("q", "l");
    await tmux.shows(/› asks › logs +1 of 1[^]*Run scripts: done/);
    await tmux.press("q", ",");
    await tmux.shows(/▌ port +\d+ +WS_PORT[^]*TCP port of the API/);
    await tmux.press("q", "w");
    expect(await tmux.shows(/No other worker\./)).toContain("ws pair HOST");
  },
);

test("clicks select, and a window that is made larger or smaller is filled", async () => {
  for (const name of ["one", "two"]) await agent.client.workspaces.create({ name });
  const tmux = await open();
  await tmux.shows(/▌ one/);
  await tmux.press("End");
  await tmux.shows(/▌ two/);
  await tmux.click(6, 4);
  await tmux.shows(/▌ one/);
  await tmux.resize(120, 40);
  const larger = await tmux.shows(/^ ws .{80,}running\n[^]*\n{30,} ↵ open/);
  expect(larger.split("\n")[0]).toHaveLength(119);
  await tmux.resize(40, 10);
  expect(await tmux.shows(/^ ws .*running\n\n {3}NAME/)).toMatch(/\? help {3}q quit\n$/);
  await tmux.press("C-c");
  await tmux.shows(/ended with 0/);
});

test("on a device that knows no worker, one is asked for, paired with, and shown; another one is a key away", async () => {
  await agent.client.workspaces.create({ name: "here" });
  await using other = await startAgentProcess({ env: { WS_RUNTIME: "local" } });
  await using laptop = await createDevice();
  const [first, second] = [await openPairing(agent), await openPairing(other)];
  expect(await laptop.ws("pair", new URL(other.url).host, second.code)).toMatchObject({ code: 0 });
  const before = JSON.parse(await laptop.kept()) as { workers: object };
  await using fresh = await createDevice();
  await using tmux = await inTmux(`'${launcher}'`, { env: { ...fresh.env, LC_ALL: "C.UTF-8" }, columns: 80, rows: 24 });
  await tmux.shows(/\? Enter worker hostname:/);
  await writeFile(join(String(fresh.env["WS_CONFIG_DIR"]), "client.json"), JSON.stringify({ workers: before.workers }));
  await tmux.type(`${new URL(agent.url).host}\n`);
  await tmux.shows(/Code that 'ws pair' shows on the worker:/);
  await tmux.type(`${first.code}\n`);
  await tmux.shows(/▌ here +running/);
  await tmux.press("w");
  await tmux.shows(/▌ \S+ +online +device +0/);
  await tmux.press("Enter");
  await tmux.shows(/No workspaces yet\./);
});

test("an agent that is killed is said to be away, and what changed meanwhile is there when it is back", async () => {
  const tmux = await open();
  await tmux.shows(/No workspaces yet/);
  await agent.kill();
  await tmux.shows(/Trying again; what is shown is from before\./);
  await agent.start();
  await agent.client.workspaces.create({ name: "after" });
  expect(await tmux.shows(/▌ after/)).not.toMatch(/Trying again/);
});

describe("the terminal is given back", () => {
  test.each([
    ["SIGTERM", "ended with 143"],
    ["SIGHUP", "ended with 129"],
  ] as const)("at %s", async (signal, says) => {
    const tmux = await open();
    await tmux.shows(/No workspaces yet/);
    await signalScreens(tmux, signal);
    await tmux.shows(new RegExp(says));
    expect(await tmux.modes()).toBe(GIVEN_BACK);
  });

  test("at a defect, which is told where it can be read", async () => {
    const defect = "process.on('SIGUSR2',()=>{throw new Error('out of order')})";
    const tmux = await open({
      env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(defect).replaceAll("'", "%27")}` },
    });
    await tmux.shows(/No workspaces yet/);
    await signalScreens(tmux, "SIGUSR2");
    await tmux.shows(/ws: Unexpected failure: out of order \(internal\)\n {4}This is a defect[^]*ended with 1/);
    expect(await tmux.modes()).toBe(GIVEN_BACK);
  });

  test("while it is suspended, and taken again", async () => {
    const env = { ...OF_A_PERSON, WS_CONFIG_DIR: agent.configDirectory, LC_ALL: "C.UTF-8" };
    await using tmux = await inTmux("PS1='ready> ' bash --norc -i", { env, columns: 80, rows: 24 });
    await tmux.shows(/ready>/);
    await tmux.type(`'${launcher}'\n`);
    await tmux.shows(/No workspaces yet/);
    await tmux.press("C-z");
    await tmux.shows(/Stopped[^]*ready>/);
    expect(await tmux.modes()).toBe(GIVEN_BACK);
    await tmux.type("fg\n");
    await tmux.shows(/No workspaces yet/);
    await tmux.press("q");
    await tmux.shows(/ready>\n*$/);
    expect(await tmux.modes()).toBe(GIVEN_BACK);
  });
});

test("where what draws is not installed, it is said with what to do instead, and the terminal stays as it is", async () => {
  const hiding = `import { registerHooks } from "node:module";
    registerHooks({ resolve: (name, context, next) => next(name.replace("core-linux", "core-none"), context) });`;
  const tmux = await open({ env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hiding)}` } });
  const said = await tmux.shows(/ended with 1/);
  expect(said).toMatch(
    /^ws: The screens of 'ws' cannot be drawn on this machine\. \(tui_unavailable\)\n {4}.*ws list/m,
  );
  expect(await tmux.modes()).toBe(GIVEN_BACK);
});

test("no more colours are used than the terminal has", async () => {
  const sixteen = await open({ env: { TERM: "xterm-16color" } });
  await sixteen.shows(/No workspaces yet/);
  expect(sixteen.printed()).not.toMatch(/\u001b\[[\d;]*[34]8;/);
  expect(sixteen.printed()).toMatch(/\u001b\[[\d;]*(3|9)[0-7]m/);
  const none = await open({ env: { NO_COLOR: "1" } });
  await none.shows(/No workspaces yet/);
  expect(none.printed()).not.toMatch(/\u001b\[[\d;]*[34][0-8]m/);
  const all = await open({ env: { COLORTERM: "truecolor" } });
  await all.shows(/No workspaces yet/);
  expect(all.printed()).toMatch(/\u001b\[[\d;]*38;2;/);
});

/** The screens are the only child of the shell that waits for them. */
async function signalScreens(tmux: Tmux, signal: NodeJS.Signals): Promise<void> {
  const shell = await tmux.pid();
  const children = await readFile(`/proc/${shell}/task/${shell}/children`, "utf8");
  process.kill(Number(children.trim()), signal);
}
