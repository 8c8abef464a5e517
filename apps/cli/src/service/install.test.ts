import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { socketPath } from "@ws/agent/paths";
import { describe, expect, onTestFinished, test } from "vitest";
import { createFakeIo } from "../testing/fake-io.ts";
import { startLocalAgent } from "../testing/local-agent.ts";
import { standInSystemd } from "../testing/stand-in-systemd.ts";
import { NOT_RESTARTED } from "./in-place.ts";
import { installService, uninstallService } from "./install.ts";
import { awaitAgent, directoryOf, howToStart } from "./look.ts";
import { userUnit, type Machine } from "./machine.ts";
import { ownerOf } from "./owner.ts";
import { restartAgent } from "./restart.ts";
import type { Service } from "./service.ts";
import { agentStatus } from "./status.ts";
import { createSystemd } from "./systemd.ts";

function newMachine() {
  const systemd = standInSystemd();
  const { run, directory: home, units } = systemd;
  const system = join(home, "system");
  mkdirSync(system);
  const managers = [
    createSystemd({ scope: "user", directory: units, run }),
    createSystemd({ scope: "system", directory: system, run }),
  ] as const;
  const directory = join(home, "config");
  mkdirSync(directory);
  const machine: Machine = {
    env: { HOME: home, WS_CONFIG_DIR: directory },
    uid: 1000,
    user: "ada",
    program: { execPath: systemd.program, execArgv: [], main: systemd.program },
    temporary: [],
    run,
    managers,
  };
  const [ofUser, ofSystem] = managers;
  const program = { node: systemd.program, words: [systemd.program] };
  const service: Service = { scope: "user", directory, program };
  const install = () =>
    installService(createFakeIo(machine.env as Record<string, string>), machine, { scope: "user", directory });
  return { systemd, machine, directory, ofUser, ofSystem, service, install };
}

describe("a service is not installed, and everything is as it was,", () => {
  test("where somebody else's unit, or a link, has its name", async () => {
    const { install, machine, ofUser } = newMachine();
    writeFileSync(ofUser.file, "[Service]\nExecStart=/bin/true\n");
    const refusal = { code: "service_foreign", exit: 4 };
    await expect(install()).rejects.toMatchObject(refusal);
    await expect(uninstallService(machine, "user")).rejects.toMatchObject(refusal);
    expect(readFileSync(ofUser.file, "utf8")).toContain("/bin/true");
    const masked = newMachine();
    symlinkSync("/dev/null", masked.ofUser.file);
    await expect(masked.install()).rejects.toMatchObject(refusal);
  });

  test("where one runs another worker, or this one for the whole machine", async () => {
    const { install, ofUser, ofSystem, service } = newMachine();
    writeFileSync(ofUser.file, ofUser.describe({ ...service, directory: "/elsewhere" }));
    await expect(install()).rejects.toMatchObject({
      code: "service_elsewhere",
      message: expect.stringContaining("/elsewhere") as string,
    });
    const other = newMachine();
    writeFileSync(ofSystem.file, "");
    writeFileSync(other.ofSystem.file, other.ofSystem.describe({ ...other.service, scope: "system", user: "ada" }));
    await expect(other.install()).rejects.toMatchObject({
      code: "service_elsewhere",
      next: expect.stringContaining("sudo ws agent uninstall --system") as string,
    });
    expect(existsSync(other.ofUser.file)).toBe(false);
  });

  test("where an agent runs that was started by hand, or this program is older than its state", async () => {
    const { machine, systemd, install } = newMachine();
    await using agent = await startLocalAgent();
    const wanted = { scope: "user", directory: agent.configDirectory } as const;
    await expect(installService(createFakeIo(), machine, wanted)).rejects.toMatchObject({
      code: "state_locked",
      next: expect.stringContaining(`kill ${process.pid}`) as string,
    });
    writeFileSync(join(machine.env["WS_CONFIG_DIR"] ?? "", "config.json"), "{");
    await expect(install()).rejects.toMatchObject({ code: "config_invalid" });
    expect(systemd.calls().filter((call) => !call.includes("show"))).toEqual([]);
  });

  test("where nothing starts services here, which is told before what is wrong with the program", async () => {
    const { install, machine, systemd, ofUser } = newMachine();
    const run = async () => ({ code: 127, stdout: "", stderr: "" });
    const temporary = [systemd.directory];
    Object.assign(machine, { temporary });
    await expect(install()).rejects.toMatchObject({ code: "service_program" });
    Object.assign(machine, { managers: [createSystemd({ scope: "user", directory: systemd.units, run })] });
    await expect(install()).rejects.toMatchObject({
      code: "service_unavailable",
      message: expect.stringContaining("there is no systemctl") as string,
    });
    expect(existsSync(ofUser.file)).toBe(false);
  });

  test("where its agent does not begin: a new one goes again, a former one is put back", async () => {
    const { install, machine, ofUser, service, systemd } = newMachine();
    Object.assign(machine, { program: { execPath: "/bin/false", execArgv: [], main: systemd.program } });
    await expect(install()).rejects.toMatchObject({ code: "service_failed" });
    expect([readdirSync(systemd.units), await ofUser.state()]).toEqual([
      [],
      expect.objectContaining({ enabled: false }),
    ]);
    const former = ofUser.describe(service);
    writeFileSync(ofUser.file, former);
    await ofUser.begin();
    await expect(install()).rejects.toMatchObject({ code: "service_failed" });
    expect(readFileSync(ofUser.file, "utf8")).toBe(former);
    expect(await ofUser.state()).toMatchObject({ active: "active", enabled: true });
  });
});

test("where what failed has changed the state, its unit is left, and what there is of the former state is named", async () => {
  const { install, machine, directory, ofUser, service, systemd } = newMachine();
  const former = join(directory, "former");
  writeFileSync(former, `#!/bin/sh\necho '{"error":{"code":"state_newer","message":"It is newer."}}' >&2\nexit 1\n`);
  chmodSync(former, 0o755);
  writeFileSync(ofUser.file, ofUser.describe({ ...service, program: { node: former, words: [former] } }));
  for (const version of [9, 10]) writeFileSync(join(directory, `state.db.v${version}.backup`), "");
  Object.assign(machine, { program: { execPath: "/bin/false", execArgv: [], main: systemd.program } });
  const next = `former program cannot go on (It is newer). The state as it was before is ${directory}/state.db.v10.backup.`;
  await expect(install()).rejects.toMatchObject({
    code: "service_failed",
    next: expect.stringContaining(next) as string,
  });
  expect(readFileSync(ofUser.file, "utf8")).toContain("/bin/false");
});

test("what is uninstalled is ended and gone, and taking it away again is success", async () => {
  const { machine, ofUser, service, systemd } = newMachine();
  writeFileSync(ofUser.file, ofUser.describe({ ...service, lingering: true }));
  await ofUser.begin();
  expect(await uninstallService(machine, "user")).toBe(true);
  expect(readdirSync(systemd.units)).toEqual([]);
  expect(await ofUser.state()).toEqual({ active: "inactive", enabled: false });
  expect(await uninstallService(machine, "user")).toBe(false);
});

test("one of the machine is not installed beside the service of the person whose it is, which sudo does not see", async () => {
  const { machine, directory, service, ofUser } = newMachine();
  const home = join(directory, "home");
  const unit = userUnit({ HOME: home });
  mkdirSync(dirname(unit), { recursive: true });
  writeFileSync(unit, ofUser.describe({ ...service, directory: "/home/ada/.config/workspace" }));
  const root = { ...machine, uid: 0 };
  const wanted = { scope: "system", directory, user: "ada", home } as const;
  await expect(installService(createFakeIo(), root, wanted)).rejects.toMatchObject({
    code: "service_elsewhere",
    message: expect.stringContaining(unit) as string,
    next: expect.stringContaining("as ada and without sudo: ws agent uninstall") as string,
  });
});

test("whose service it is: root's only where that is said, and nobody's own through sudo", async () => {
  const { machine } = newMachine();
  const root = { ...machine, uid: 0, user: "root", env: { HOME: "/root" } };
  const entry = async () => ({ code: 0, stdout: "ada:x:1000:1000::/home/ada:/bin/sh\n", stderr: "" });
  const sudo: Machine = {
    ...root,
    user: "ada",
    env: { HOME: "/root", SUDO_USER: "ada", XDG_CONFIG_HOME: "/root/c" },
    run: entry,
  };
  expect(await ownerOf(machine, "user", undefined)).toEqual({ directory: machine.env["WS_CONFIG_DIR"] });
  expect(await ownerOf(sudo, "system", undefined)).toEqual({
    user: "ada",
    home: "/home/ada",
    directory: "/home/ada/.config/workspace",
  });
  await expect(ownerOf(sudo, "user", undefined)).rejects.toMatchObject({ code: "usage" });
  await expect(ownerOf(root, "system", undefined)).rejects.toMatchObject({ code: "usage" });
  expect(await ownerOf({ ...sudo, user: "root" }, "system", "root")).toMatchObject({ user: "root" });
  await expect(ownerOf(machine, "system", undefined)).rejects.toMatchObject({ code: "permission_denied", exit: 6 });
  const nobody: Machine = { ...sudo, run: async () => ({ code: 2, stdout: "", stderr: "" }) };
  await expect(ownerOf(nobody, "system", "ghost")).rejects.toMatchObject({ code: "usage" });
});

test("an agent that was started by hand is told of beside a service that is not running it", async () => {
  const { machine, ofUser, service } = newMachine();
  await using agent = await startLocalAgent();
  const directory = agent.configDirectory;
  writeFileSync(ofUser.file, ofUser.describe({ ...service, directory }));
  expect(await agentStatus(createFakeIo(), machine, directory)).toMatchObject({
    running: true,
    pid: process.pid,
    url: agent.url,
    service: { manager: "systemd", active: "inactive", problem: "the agent that runs was started by hand" },
  });
});

test("a service whose program is gone is not stopped in order to be begun anew", async () => {
  const { machine, ofUser, service, directory } = newMachine();
  const there = { ...service, program: { node: service.program.node, words: [] } };
  writeFileSync(ofUser.file, ofUser.describe(there));
  await ofUser.begin();
  const { pid } = await ofUser.state();
  writeFileSync(
    ofUser.file,
    ofUser.describe({ ...there, program: { node: there.program.node, words: ["/gone/main.js"] } }),
  );
  await expect(restartAgent(createFakeIo(), machine, directory)).rejects.toMatchObject({
    code: "service_program",
    message: expect.stringContaining("/gone/main.js") as string,
  });
  expect(await ofUser.state()).toMatchObject({ active: "active", pid });
});

test("an agent that would be ended by the signal is not sent it", async () => {
  const { machine } = newMachine();
  await using agent = await startLocalAgent();
  await expect(restartAgent(createFakeIo(), machine, agent.configDirectory)).rejects.toMatchObject({
    code: "restart_failed",
    message: expect.stringContaining(String(process.pid)) as string,
  });
});

test("a service of the machine that is down is root's to start, and its directory is found by whoever may look into it", async () => {
  const { machine, directory, ofSystem, service } = newMachine();
  const theirs = join(directory, "theirs");
  mkdirSync(theirs);
  writeFileSync(ofSystem.file, ofSystem.describe({ ...service, scope: "system", user: "bob", directory: theirs }));
  await expect(restartAgent(createFakeIo(), machine, theirs)).rejects.toMatchObject({
    code: "agent_unreachable",
    next: "It is a service of the machine: sudo ws agent restart --system.",
  });
  expect([directoryOf(machine, directory, false), directoryOf(machine, directory, true)]).toEqual([directory, theirs]);
  expect(directoryOf(newMachine().machine, directory, true)).toBe(directory);
  expect([howToStart(machine, theirs), howToStart(machine, directory)]).toEqual([
    "sudo ws agent restart --system",
    "ws agent run",
  ]);
});

test("an agent that says nothing is waited for by time, and not once for each look", async () => {
  const { directory } = newMachine();
  let asked = 0;
  const dumb = createServer(() => (asked += 1)).listen(socketPath(directory));
  onTestFinished(() => void dumb.close());
  await once(dumb, "listening");
  expect(await awaitAgent(createFakeIo(), directory, () => true, AbortSignal.timeout(50))).toBeUndefined();
  expect(asked).toBe(1);
});

test("an agent that refuses says why, however much it logs meanwhile and though its log begins anew", async () => {
  const { machine } = newMachine();
  await using agent = await startLocalAgent();
  const log = join(agent.configDirectory, "agent.log");
  const refuse = (): void => {
    appendFileSync(log, `${JSON.stringify({ msg: "much", text: "x".repeat(300_000) })}\n`);
    renameSync(log, `${log}.1`);
    const error = { code: "state_newer", message: "It is newer." };
    writeFileSync(log, `${JSON.stringify({ msg: NOT_RESTARTED, error })}\n`);
  };
  process.on("SIGUSR2", refuse);
  onTestFinished(() => void process.off("SIGUSR2", refuse));
  await expect(restartAgent(createFakeIo(), machine, agent.configDirectory)).rejects.toMatchObject({
    code: "state_newer",
    next: "The agent goes on as it was.",
  });
});

test("where nothing runs, nothing is restarted, and a service is spoken of only where one can be made", async () => {
  const { machine, directory } = newMachine();
  const refused = (next: string) => ({ code: "agent_unreachable", next });
  await expect(restartAgent(createFakeIo(), machine, directory)).rejects.toMatchObject(
    refused("Start it: ws agent run, or as a service: ws agent install."),
  );
  expect(await agentStatus(createFakeIo(), machine, directory)).toMatchObject({ running: false, canBeService: true });
  const run = async () => ({ code: 1, stdout: "", stderr: "not booted with systemd" });
  const managers = (["user", "system"] as const).map((scope) => createSystemd({ scope, directory, run }));
  const bare: Machine = { ...machine, uid: 0, user: "root", managers };
  await expect(restartAgent(createFakeIo(), bare, directory)).rejects.toMatchObject(refused("Start it: ws agent run."));
  expect(await agentStatus(createFakeIo(), bare, directory)).toMatchObject({ canBeService: false });
  // Nor is anybody asked whose it is to be.
  await expect(ownerOf(bare, "system", undefined)).rejects.toMatchObject({ code: "service_unavailable" });
});
