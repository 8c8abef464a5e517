import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { onScreen, type Screen } from "../support/screen.ts";
import { slowWay } from "../support/slow-way.ts";
import { shareAgent } from "../support/share-agent.ts";

const launcher = fileURLToPath(new URL("../../ws", import.meta.url));
let agent: AgentProcess;

shareAgent(async (parts) => {
  agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: "local" } }));
  await agent.client.workspaces.create({ name: "demo" });
  return agent;
});

function type(command: string, env: Record<string, string> = {}): Screen {
  return onScreen(`${launcher} ${command}`, {
    env: { ...process.env, WS_CONFIG_DIR: agent.configDirectory, TERM: "xterm", ...env },
  });
}

test("a terminal is left with Ctrl-], taken up again as it was, and ended; each time the client goes", async () => {
  const first = type("shell demo");
  await first.shows(/[$#] /);
  first.press("echo the shell is $$.\r");
  const [, pid] = await first.shows(/is (\d+)\./);
  first.press("\u001d");
  const [leaving] = await first.shows(/[\s\S]*left; go on with: ws shell demo/);
  // Leaving a screen that was never entered would move the cursor up into what stands there.
  expect(leaving).not.toContain("\u001b[?1049l");
  expect(await first.ended).toBe(0);

  const second = type("shell demo");
  await second.shows(new RegExp(`is ${pid}\\.`));
  second.press("echo now it is $$.\r");
  expect((await second.shows(/it is (\d+)\./))[1]).toBe(pid);
  second.press("exit 3\r");
  await second.shows(/exited 3/);
  expect(await second.ended).toBe(3);
});

test("who leaves a terminal whose workspace was renamed meanwhile is not sent to a name that is gone", async () => {
  await agent.client.workspaces.create({ name: "old" });
  const shell = type("shell old");
  await shell.shows(/[$#] /);
  await agent.client.workspaces.rename({ name: "old", newName: "new" });
  shell.press("\u001d");
  await shell.shows(/left; 'old' has another name now: ws list\]/);
  expect(await shell.ended).toBe(0);
});

test("a terminal waits for its agent that was killed, and goes on in the same shell", async () => {
  const shell = type("shell demo --terminal survives");
  await shell.shows(/[$#] /);
  shell.press("echo the shell is $$.\r");
  const [, pid] = await shell.shows(/is (\d+)\./);
  await agent.kill();
  await shell.shows(/connection lost; trying again/);
  shell.press("echo typed into nothing\r");
  await agent.start();
  const goesOn = shell.shows(/now it is (\d+)\./);
  let found: string | undefined;
  void goesOn.then((match) => (found = match[1]));
  // Keys are not kept until the connection is back, and each of them asks for it at once.
  const ask = () => {
    if (found === undefined) shell.press("echo now it is $$.\r");
    return found;
  };
  await expect.poll(ask).toBe(pid);
  expect((await goesOn).input).not.toContain("typed into nothing");
  shell.press("\u001d");
  expect(await shell.ended).toBe(0);
});

test("taking a terminal up again scrolls off what stood before it, and erases nothing", async () => {
  const first = type("shell demo --terminal kept");
  await first.shows(/[$#] /);
  first.press("echo pain''ted\r");
  await first.shows(/painted/);
  first.press("\u001d");
  expect(await first.ended).toBe(0);

  const second = type("shell demo --terminal kept");
  // As many lines as the terminal has; what comes after them finds the screen empty.
  const [before] = await second.shows(/^[\s\S]*?\n{24}\u001b\[H/);
  await second.shows(/painted/);
  expect(before).not.toMatch(/\u001b\[[23]J/);
  second.press("exit\r");
  expect(await second.ended).toBe(0);
});

test("what a program prints reaches the terminal byte for byte, line ends too", async () => {
  const shell = type("shell demo --terminal bytes");
  await shell.shows(/[$#] /);
  shell.press(String.raw`stty -opost; printf 'on''e\ntwo\n\n'; stty opost; exit` + "\r");
  await shell.shows(/one\ntwo\n\n/);
  expect(await shell.ended).toBe(0);
});

test("a terminal of a workspace that does not exist is an error, and the client goes", async () => {
  const shell = type("shell nobody");
  await shell.shows(/workspace_not_found/);
  expect(await shell.ended).toBe(3);
});

test("Ctrl-C at a question changes nothing", async () => {
  const question = type("delete demo");
  await question.shows(/Delete\? \[y\/N\] /);
  question.press("\u0003");
  await question.shows(/Nothing was changed/);
  expect(await question.ended).toBe(130);
  expect((await agent.client.workspaces.get({ name: "demo" })).status).toBe("running");
});

test("'ws open' shows the one-time link and gives it to the desktop in no argument", async ({ onTestFinished }) => {
  const desktop = mkdtempSync(join(tmpdir(), "ws-desktop-"));
  onTestFinished(() => rmSync(desktop, { recursive: true }));
  const given = join(desktop, "given");
  writeFileSync(
    join(desktop, "xdg-open"),
    `#!/bin/sh\nprintf '%s' "$*" >'${given}.part'; mv '${given}.part' '${given}'`,
    {
      mode: 0o755,
    },
  );
  writeFileSync(join(desktop, "sleep"), "#!/bin/sh\n", { mode: 0o755 });
  const open = type("open demo", { DISPLAY: ":0", PATH: `${desktop}:${process.env["PATH"]}` });
  const [, code = ""] = await open.shows(/\/w\/demo#code=([\w-]+)/);
  expect(await open.ended).toBe(0);
  await expect.poll(() => existsSync(given)).toBe(true);
  expect(readFileSync(given, "utf8")).toMatch(/^file:.*\.html$/);
  expect(readFileSync(given, "utf8")).not.toContain(code);
});

test("'| head' ends a command that would print for ever, here without a word and there too", async () => {
  const { stdout, stderr } = await promisify(execFile)(
    "sh",
    ["-c", '"$0" exec demo -- yes endless | head -2', launcher],
    {
      env: { ...process.env, WS_CONFIG_DIR: agent.configDirectory },
    },
  );
  expect({ stdout, stderr }).toEqual({ stdout: "endless\nendless\n", stderr: "" });
  const processes = () => agent.ws(["exec", "demo", "--", "ps", "-eo", "args"]);
  await expect.poll(processes).toEqual({
    code: 0,
    // Itself it sees, so that an empty list is none.
    stdout: expect.stringMatching(/^(?![\s\S]*yes endless)[\s\S]*ps -eo args/) as string,
    stderr: "",
  });
});

test("over a slow link what is typed stands there before it comes back, and a password does not", async () => {
  using way = await slowWay(Number(new URL(agent.url).port), 60);
  const { token } = await agent.client.tokens.create({ name: "slow" });
  const shell = type("shell demo --terminal slow", { WS_WORKER: way.url, WS_TOKEN: token });
  await shell.shows(/[$#] /);
  // The first keys show how slow it is, and a new line where the cursor is.
  shell.press("PS1='%'' '\r");
  await shell.shows(/h% /);
  shell.press("\r");
  await shell.shows(/h% /);
  let isForetold = false;
  // Nothing else here is underlined.
  // oxlint-disable-next-line no-control-regex
  const foretold = shell.shows(/\u001b\[4mx/).then(() => (isForetold = true));
  await expect
    .poll(() => {
      if (!isForetold) shell.press("x");
      return isForetold;
    })
    .toBe(true);
  await foretold;
  shell.press("\u0003");
  await shell.shows(/h% /);
  shell.press("read -s -p 'Word: '; echo got $REPLY\r");
  await shell.shows(/\rWord: /);
  shell.press("XYZ");
  shell.press("\r");
  const [shown] = await shell.shows(/[\s\S]*got XYZ/);
  expect(shown.replace("got XYZ", "")).not.toMatch(/[XYZ]/);
  shell.press("exit\r");
  expect(await shell.ended).toBe(0);
});
