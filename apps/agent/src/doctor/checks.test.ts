import type { Flaw, RuntimeStatus, WorkspaceRecord } from "@ws/workspace-core";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Config } from "../config/config.ts";
import { tempDir } from "../testing/temp-dir.ts";
import type { DoctorOptions } from "./checks.ts";
import { runDoctor } from "./checks.ts";
import { checkClock } from "./clock-check.ts";
import { endingsOf } from "./endings.ts";
import { checkExpiry } from "./expiry-check.ts";
import { forgeHosts, neededNames } from "./known-hosts.ts";
import { checkInotify } from "./machine-checks.ts";
import { checkNames } from "./names-check.ts";
import { checkService } from "./service-check.ts";

const NOW = Date.UTC(2026, 0, 2);
const DAY_MS = 86_400_000;

const remark =
  "What is known of this isolation, at a length that fills more than one line of an ordinary terminal, twice.";

function doctor(status: Partial<RuntimeStatus>, more: Partial<DoctorOptions> = {}) {
  const runtime: RuntimeStatus = {
    runtime: "docker",
    isolation: "container",
    version: "28.0.0",
    remarks: [],
    ...status,
  };
  const options = {
    configDir: "/dev/null/none",
    exposure: () => [],
    disk: { free: async () => ({ bytes: 1e12, totalBytes: 2e12, inodes: 1, totalInodes: 1 }) },
    state: { problems: () => [], tokens: { list: () => [] }, workspaces: { list: () => [] } },
    hub: () => undefined,
    config: { get: () => "", secrets: { forges: () => [] } },
    clock: { now: () => NOW },
    surroundings: {
      lookup: () => Promise.reject(new Error("nobody is asked")),
      dateOf: () => Promise.reject(new Error("nobody is asked")),
      service: { units: [], usual: "", linger: "/dev/null/none", running: "/dev/null/none" },
    },
    worker: async () => ({
      workspaces: { status: async () => runtime },
      runtime: () => ({ ...runtime, available: true }),
    }),
    ...more,
  } as unknown as DoctorOptions;
  return runDoctor(options);
}

test.each(["container", "sandbox", "none"] as const)(
  "isolation '%s' is one short line and one next step, however much is known of it",
  async (isolation) => {
    const check = (await doctor({ isolation, remarks: [remark, remark] })).find(({ id }) => id === "isolation");
    expect(check).toMatchObject({ status: "warn", next: expect.stringContaining("ws info") });
    expect(`! Isolation: ${check?.message}`.length).toBeLessThanOrEqual(80);
    expect(`    ${check?.next}`.length).toBeLessThanOrEqual(80);
  },
);

test("containers without a remark are nothing to do something about", async () => {
  const check = (await doctor({ isolation: "container", remarks: [] })).find(({ id }) => id === "isolation");
  expect(check).toEqual({ id: "isolation", title: "Isolation", status: "ok", message: "Workspaces are containers." });
});

test.each([
  [128, 1_000_000, "warn", "fs.inotify.max_user_instances=1024."],
  [1_024, 8_192, "warn", "fs.inotify.max_user_watches=524288."],
  [128, 8_192, "warn", "fs.inotify.max_user_instances=1024 fs.inotify.max_user_watches=524288."],
  [256, 65_536, "ok", undefined],
] as const)("of %i watchers over %i directories is said: %s", async (instances, watches, status, raised) => {
  using directory = tempDir();
  writeFileSync(`${directory.path}/max_user_instances`, `${instances}\n`);
  writeFileSync(`${directory.path}/max_user_watches`, `${watches}\n`);
  const found = await checkInotify(directory.path);
  expect(found).toMatchObject({
    status,
    message: `${instances} file watchers can run at once, over ${watches} directories.`,
  });
  expect(found.next).toBe(raised === undefined ? undefined : `Raise it: sysctl -w ${raised}`);
});

test("a system without such limits is well", async () => {
  expect(await checkInotify("/dev/null/none")).toEqual({ status: "ok", message: "This system has no inotify limits." });
});

test("of a damaged state is said which copy to take, and that the log of the old one goes away with it", async () => {
  const state = { problems: () => ["page 3 is not used"], tokens: { list: () => [] }, workspaces: { list: () => [] } };
  const checks = await doctor({}, { state: state as unknown as DoctorOptions["state"] });
  expect(checks.find(({ id }) => id === "state")).toMatchObject({
    status: "fail",
    next: expect.stringMatching(/state\.db-wal and state\.db-shm away.*of the highest N/),
  });
});

describe("versions with known holes", () => {
  const flaw: Flaw = {
    part: "runc",
    cves: ["CVE-2025-31133"],
    kind: "escape",
    message: "A container can break out of runc 1.1.5 (CVE-2025-31133).",
    next: "Install runc 1.2.8 or later.",
  };
  const parts = { runc: "1.1.5", docker: "29.3.1" };

  test("a way out of containers fails, with the CVE and what to install (row 20)", async () => {
    const checks = await doctor({ parts, flaws: [flaw] });
    const { message, next } = flaw;
    expect(checks).toContainEqual({ id: "runc", title: "runc", status: "fail", message, next });
    expect(checks).toContainEqual({
      id: "docker",
      title: "Docker",
      status: "ok",
      message: "No hole is known in docker 29.3.1.",
    });
  });

  test.each(["unclear", "indirect"] as const)("one that is '%s' is a warning (row 19)", async (kind) => {
    const checks = await doctor({ parts, flaws: [{ ...flaw, kind }] });
    expect(checks.find(({ id }) => id === "runc")).toMatchObject({ status: "warn", next: flaw.next });
  });

  test("on the local runtime there is no engine to look at", async () => {
    const ids = (await doctor({ runtime: "local", parts, flaws: [flaw] })).map(({ id }) => id);
    expect(ids).not.toContain("runc");
    expect(ids).not.toContain("cgroups");
  });
});

test.each([
  [[], "ok", "Version 2; memory, swap, processes and CPU are limited."],
  [["swap"], "warn", "Version 2; this kernel does not limit: swap."],
  [["memory", "processes"], "warn", "Version 2; this kernel does not limit: memory, processes."],
] as const)("what control groups do not keep (%j) is said", async (missing, status, message) => {
  const checks = await doctor({ cgroups: { version: "2", missing } });
  expect(checks.find(({ id }) => id === "cgroups")).toMatchObject({ status, message });
});

describe("the clock", () => {
  test.each([
    [0, "ok", "This machine's clock agrees with the engine."],
    [29, "ok", "This machine's clock agrees with the engine."],
    [40, "warn", "This machine's clock is 40 seconds behind that of the engine."],
    [-40, "warn", "This machine's clock is 39 seconds ahead of that of the engine."],
    [600, "fail", "This machine's clock is 10 minutes behind that of the engine."],
  ] as const)("of an engine that is %i seconds ahead is said: %s", async (seconds, status, message) => {
    const checks = await doctor({ time: NOW + seconds * 1_000 });
    expect(checks.find(({ id }) => id === "clock")).toMatchObject({ status, message });
  });

  test("is compared with forges, too, and one that does not answer is no finding about clocks", async () => {
    const asked = async (name: string, read: () => Promise<number | undefined>) =>
      checkClock([{ name, read }], () => NOW);
    expect(await asked("git.test", async () => NOW - 3_600_000)).toMatchObject({
      status: "fail",
      message: "This machine's clock is 60 minutes ahead of that of git.test.",
    });
    expect(await asked("git.test", async () => undefined)).toBeUndefined();
    expect(await asked("git.test", () => Promise.reject(new Error("refused")))).toBeUndefined();
  });
});

describe("names", () => {
  const lookup =
    (...known: string[]) =>
    async (name: string): Promise<void> => {
      if (!known.includes(name)) throw Object.assign(new Error("no"), { code: "ENOTFOUND" });
    };

  test.each([
    [["a.test"], "ok", "a.test, a.test are found."],
    [[], "fail", "DNS does not find a.test (ENOTFOUND), a.test (ENOTFOUND)."],
  ] as const)("are looked up: of %j is said: %s", async (known, status, message) => {
    expect(await checkNames(["a.test", "a.test"], lookup(...known))).toMatchObject({ status, message });
  });

  test("one of several that is not found is a warning, and with none to look up there is nothing to say", async () => {
    expect(await checkNames(["a.test", "b.test"], lookup("a.test"))).toMatchObject({
      status: "warn",
      message: "DNS does not find b.test (ENOTFOUND).",
    });
    expect(await checkNames([], lookup())).toBeUndefined();
  });

  test("are those of forges, of the hub and of workspaces' repositories, each once, and no address", () => {
    const settings: Record<string, string> = {
      "hub.url": "https://hub.test:7391",
      "github.appId": "",
      "github.url": "https://github.com",
    };
    const forges = [
      { host: "git.test:8443", type: "pat" },
      { host: "ssh.test", type: "ssh_key" },
      { host: "10.0.0.1", type: "pat" },
    ];
    const config = { get: (key: string) => settings[key], secrets: { forges: () => forges } } as unknown as Config;
    const records = ["https://git.test:8443/a/b", "git@other.test:a/b", "/srv/git/a", undefined].map((url) => ({
      repository: url === undefined ? undefined : { url },
    })) as unknown as WorkspaceRecord[];
    expect(neededNames(config, records)).toEqual(["git.test", "ssh.test", "hub.test", "other.test"]);
    expect(forgeHosts(config)).toEqual(["git.test:8443", "10.0.0.1"]);
    settings["github.appId"] = "1";
    expect(forgeHosts(config)).toContain("github.com");
  });
});

describe("what ends", () => {
  const next = "Make another one.";
  const at = (days: number): number => NOW + days * DAY_MS;

  test("within two weeks is a warning, what has ended is a failure, and what was made for a short time is neither", () => {
    expect(checkExpiry([{ what: "the token 'ci'", at: at(20), next }], NOW).status).toBe("ok");
    expect(checkExpiry([{ what: "the token 'ci'", at: at(1), isShort: true, next }], NOW)).toEqual({
      status: "ok",
      message: "No certificate, no credential, and no token made for more than four weeks ends within two.",
    });
    expect(checkExpiry([{ what: "the token 'ci'", at: at(10), next }], NOW)).toEqual({
      status: "warn",
      message: "The token 'ci' ends on 2026-01-12.",
      next,
    });
    const both = [
      { what: "the token 'ci'", at: at(10), next },
      { what: "the certificate of TLS", at: at(-1), next: "Renew it." },
    ];
    expect(checkExpiry(both, NOW)).toEqual({
      status: "fail",
      message: "The certificate of TLS has ended on 2026-01-01; the token 'ci' ends on 2026-01-12.",
      next: "Renew it.",
    });
  });

  test("are scripts' tokens, credentials by what renews them, and TLS's certificate; a device's begins anew with each use", () => {
    const token = { name: "ci", createdAt: 1, expiresAt: 2 };
    const long = { name: "long", createdAt: 1, expiresAt: 29 * DAY_MS };
    const state = { tokens: { list: () => [token, long, { ...token, device: {} }, { name: "ever", createdAt: 1 }] } };
    const forges = [
      { name: "pat", createdAt: 1, expiresAt: 3 },
      { name: "oauth", createdAt: 1, expiresAt: 3, refresh: { expiresAt: 9 } },
      { name: "refused", createdAt: 1, refusedAt: 4 },
      { name: "ever", createdAt: 1 },
    ];
    const found = endingsOf({
      config: { secrets: { forges: () => forges } },
      state,
      exposure: [
        { address: "0.0.0.0", port: 1, by: "tls", letsIn: "", certificateEnds: 5 },
        { address: "::1", port: 1, by: "loopback", letsIn: "" },
      ],
    } as unknown as Parameters<typeof endingsOf>[0]);
    expect(found.map(({ what, at: ends, isShort }) => [what, ends, isShort])).toEqual([
      ["the token 'ci'", 2, true],
      ["the token 'long'", 29 * DAY_MS, false],
      ["the credential 'pat'", 3, undefined],
      ["the credential 'oauth'", 9, undefined],
      ["the credential 'refused'", 4, undefined],
      ["the certificate of TLS", 5, undefined],
    ]);
    const { message } = checkExpiry(found, NOW);
    expect(message).toContain("The credential 'pat' has ended");
    expect(message).toContain("the credential 'refused' was refused by its forge");
  });
});

describe("the service", () => {
  const SERVICE = String.raw`[Service]
Environment=OTHER=1 "WS_CONFIG_DIR=/srv/50%% \"off\""
`;

  function place() {
    const directory = tempDir();
    onTestFinished(() => directory[Symbol.dispose]());
    const [user, linger] = [join(directory.path, "user"), join(directory.path, "linger")];
    mkdirSync(join(user, "default.target.wants"), { recursive: true });
    const unit = join(user, "workspace-agent.service");
    const enabled = join(user, "default.target.wants", "workspace-agent.service");
    const places = { units: [{ directory: user, of: "user" as const }], usual: "/home/ada/a b", linger };
    const check = (configDir = '/srv/50% "off"') => checkService({ ...places, running: directory.path }, configDir);
    return { unit, enabled, linger, check };
  }

  test("that is not there, not enabled, or ends with its user's session is a warning with the command to run", () => {
    const { unit, enabled, linger, check } = place();
    expect(check()).toMatchObject({ status: "warn", next: expect.stringContaining("ws agent install") });
    writeFileSync(unit, SERVICE);
    expect(check()).toMatchObject({
      status: "warn",
      next: "Enable it: systemctl --user enable workspace-agent.service.",
    });
    writeFileSync(enabled, "");
    expect(check()).toMatchObject({ status: "warn", next: expect.stringContaining("loginctl enable-linger") });
    writeFileSync(linger, "");
    expect(check()).toMatchObject({ status: "ok" });
  });

  test("of another directory, one that is masked, and one that cannot be read is not this agent's", () => {
    const { unit, enabled, linger, check } = place();
    for (const path of [enabled, linger]) writeFileSync(path, "");
    writeFileSync(unit, SERVICE);
    expect(check()).toMatchObject({ status: "ok" });
    expect(check("/srv/50%")).toMatchObject({ status: "warn", next: expect.stringContaining("ws agent install") });
    // Whoever wrote it by hand may name no directory.
    writeFileSync(unit, "[Service]\nExecStart=/opt/ws agent run\n");
    expect(check()).toMatchObject({ status: "warn" });
    expect(check("/home/ada/a b")).toMatchObject({ status: "ok" });
    rmSync(unit);
    symlinkSync("/dev/null", unit);
    expect(check("/home/ada/a b")).toMatchObject({ next: expect.stringContaining("ws agent install") });
    rmSync(unit);
    mkdirSync(unit);
    expect(check()).toMatchObject({ next: expect.stringContaining("ws agent install") });
  });

  test("is nothing to speak of where no systemd runs", () => {
    const places = { units: [], usual: "/none", linger: "/dev/null/none", running: "/dev/null/none" };
    expect(checkService(places, "/none")).toBeUndefined();
  });
});
