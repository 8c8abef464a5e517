import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { CommandResult } from "../support/agent-process.ts";
import { copyInstallation, makeNewer, type Installation } from "../support/installation.ts";
import { onScreen, type Screen } from "../support/screen.ts";

const systemctl = fileURLToPath(new URL("../../apps/cli/src/testing/systemctl.py", import.meta.url));
const NEWER = "9.9.9";
let old: Installation;
let newer: Installation;

beforeAll(async () => {
  [old, newer] = await Promise.all([copyInstallation({ lasting: true }), copyInstallation({ lasting: true })]);
  await makeNewer(newer, NEWER);
});
afterAll(() => Promise.all([old, newer].map((each) => each[Symbol.asyncDispose]())));

/** A worker on the local runtime, and a manager of services in systemd's place: none need be the first process of this machine. */
async function newWorker() {
  const place = await mkdtemp(join(tmpdir(), "ws-upgrade-"));
  const [config, bin, units] = [join(place, "config"), join(place, "bin"), join(place, "xdg/systemd/user")];
  for (const directory of [config, bin, units]) mkdirSync(directory, { recursive: true });
  await writeFile(join(config, "config.json"), JSON.stringify({ runtime: "local" }), { mode: 0o600 });
  symlinkSync(systemctl, join(bin, "systemctl"));
  const env = {
    ...process.env,
    PATH: `${bin}:/usr/bin:${process.env["PATH"]}`,
    TERM: "xterm",
    WS_CONFIG_DIR: config,
    XDG_CONFIG_HOME: join(place, "xdg"),
    STAND_IN_PLACE: place,
    STAND_IN_UNITS: units,
  };
  const ws = ({ launcher }: Installation, ...args: string[]): Promise<CommandResult> =>
    new Promise((resolve) => {
      execFile(launcher, args, { env }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : -1, stdout, stderr });
      }).stdin?.end();
    });
  const told = async (installation: Installation, ...args: string[]): Promise<Told> => {
    const end = args.includes("--") ? args.indexOf("--") : args.length;
    const { code, stdout, stderr } = await ws(installation, ...args.toSpliced(end, 0, "--json"));
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Told;
  };
  onTestFinished(async () => {
    await ws(newer, "delete", "demo", "--yes", "--force");
    await ws(newer, "agent", "uninstall");
    await rm(place, { recursive: true, force: true, maxRetries: 5 });
  });
  return { place, config, env, unit: join(units, "workspace-agent.service"), ws, told };
}

interface Told {
  running: boolean;
  changed: boolean;
  pid: number;
  version: string;
  status: string;
  id: string;
  url: string;
}

/** A shell that is open over all of it, and a task that ends once it may. */
async function openWork({ env, ws, told }: Awaited<ReturnType<typeof newWorker>>, by: Installation) {
  await told(by, "start", "demo");
  const shell = onScreen(`${by.launcher} shell demo`, { env });
  onTestFinished(async () => {
    shell.press("\u001d");
    await shell.ended;
  });
  await shell.shows(/[$#] /);
  const first = await whoIs(shell, "first");
  const { id } = await told(
    by,
    "task",
    "add",
    "demo",
    "--",
    "sh",
    "-c",
    "until [ -e go ]; do sleep 0.1; done; echo gone on",
  );
  const status = async () => (await told(by, "task", "show", id)).status;
  await expect.poll(status).toBe("running");
  return {
    /** Fails where the shell or the task is another one, or gone. */
    async expectOn(when: string) {
      expect(await whoIs(shell, when)).toBe(first);
      expect(await status()).toBe("running");
    },
    async finish() {
      await ws(newer, "exec", "demo", "--", "touch", "go");
      await expect.poll(async () => (await told(newer, "task", "show", id)).status).toBe("completed");
    },
  };
}

async function whoIs(shell: Screen, when: string): Promise<string> {
  // Keys that nobody hears while the agent is away are typed again.
  const said = shell.shows(new RegExp(`${when} it is (\\d+)\\.`));
  let found: string | undefined;
  void said.then(
    (match) => (found = match[1]),
    () => undefined,
  );
  await expect
    .poll(
      () => {
        if (found === undefined) shell.press(`echo ${when} it is $$.\r`);
        return found;
      },
      { timeout: 30_000, interval: 500 },
    )
    .toBeDefined();
  return found ?? "";
}

test("a service goes on as the next version where that is installed: terminals, tasks and an open shell too; an older one is refused", async () => {
  const worker = await newWorker();
  const { config, place, unit, ws, told } = worker;
  const before = await told(old, "agent", "install", "--port", "0");
  expect(before).toMatchObject({ changed: true, version: expect.not.stringMatching(NEWER) as string });
  expect(readFileSync(join(place, "notified"), "utf8")).toContain(`READY=1\nSTATUS=Answers at ${before.url}`);
  expect(await told(old, "agent", "install")).toMatchObject({ changed: false, pid: before.pid });
  const work = await openWork(worker, old);

  const taken = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void taken.close());
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  expect((await ws(newer, "agent", "install", "--port", String(port))).code).toBe(1);
  expect(await told(old, "agent", "status")).toMatchObject({ running: true, version: before.version });
  await work.expectOn("as before");

  const after = await told(newer, "agent", "install");
  expect(after).toMatchObject({ changed: true, version: NEWER });
  expect(after.pid).not.toBe(before.pid);
  expect(readdirSync(config)).toContainEqual(expect.stringMatching(/^state\.db\.v\d+\.backup$/));
  await work.expectOn("later");

  const refused = await ws(old, "agent", "install");
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("(state_newer)") as string });
  expect(await told(newer, "agent", "status")).toMatchObject({ pid: after.pid, version: NEWER });
  expect(readFileSync(unit, "utf8")).toContain(newer.directory);

  // Whoever asks: what begins is the service's own program.
  expect(await told(old, "agent", "restart")).toMatchObject({
    version: NEWER,
    pid: expect.not.toBeOneOf([after.pid]) as number,
  });
  await work.expectOn("again");
  await work.finish();

  expect((await ws(newer, "agent", "uninstall")).stdout).toBe("uninstalled\n");
  expect([existsSync(unit), existsSync(join(place, "enabled"))]).toEqual([false, false]);
  expect((await ws(newer, "agent", "status")).code).toBe(5);
  expect((await ws(newer, "agent", "logs")).stdout).toContain("going away; workspaces and their terminals go on");
  const byHand = onScreen(`${newer.launcher} agent run`, { env: { ...worker.env, WS_PORT: "0" } });
  onTestFinished(byHand.close);
  await byHand.shows(/running at/);
  await expect.poll(() => told(newer, "info", "demo")).toMatchObject({ status: "running" });
  await told(newer, "delete", "demo", "--yes", "--force");
  byHand.press("\u0003");
  expect(await byHand.ended).toBe(0);
});

test("an agent that was started by hand becomes the next version in the same process and terminal; what cannot go on does not begin", async () => {
  const worker = await newWorker();
  const { env, ws, told } = worker;
  const agent = onScreen(`${old.launcher} agent run`, { env: { ...env, WS_PORT: "0" } });
  onTestFinished(agent.close);
  await agent.shows(/running at/);
  const { pid } = await told(old, "agent", "status");
  const work = await openWork(worker, old);

  await trade(old, newer);
  // Under its old name it is the new one now, and the other way round.
  const [before, after] = [newer, old];
  const restarted = await ws(after, "agent", "restart");
  expect(restarted.stdout).toMatch(
    new RegExp(`^restarted {2}\\S+ → ${NEWER.replaceAll(".", "\\.")} {2}\\(process ${pid}\\)\\n$`),
  );
  await agent.shows(/running at/);
  await work.expectOn("later");

  await trade(old, newer);
  const refused = await ws(before, "agent", "restart");
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/\(state_newer\)\n.*goes on as it was/) as string,
  });
  expect(await told(newer, "agent", "status")).toMatchObject({ pid, version: NEWER });
  await work.expectOn("still");
  await work.finish();
  await told(newer, "delete", "demo", "--yes", "--force");
  agent.press("\u0003");
  expect(await agent.ended).toBe(0);
});

/** What package managers do with directories, twice. */
async function trade(one: Installation, other: Installation): Promise<void> {
  const aside = `${one.directory}.aside`;
  await rename(one.directory, aside);
  await rename(other.directory, one.directory);
  await rename(aside, other.directory);
}
