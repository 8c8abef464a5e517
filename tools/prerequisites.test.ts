import { describe, expect, test } from "vitest";
import { ensure } from "./prerequisites.mjs";
import { requirementsOf } from "./prerequisites/parts.mjs";
import { planFor } from "./prerequisites/plan.mjs";

const debianRoot = { distribution: "debian", root: true, systemd: false, dockerd: true };
const git = { what: "git", debian: ["git"], fedora: ["git"], darwin: ["git"] };
const debootstrap = { what: "debootstrap", debian: ["debootstrap"] };
const chromium = { what: "Chromium", debian: ["chromium"], ubuntu: ["chromium-browser"] };

describe("what is done about missing parts", () => {
  test("nothing is done where nothing is missing", () => {
    const plan = planFor({ missing: [], engine: "answers", machine: debianRoot });
    expect(plan).toEqual({ install: [], start: undefined, refusals: [] });
  });

  test("root on Debian installs everything missing at once and starts dockerd by hand without a service manager", () => {
    const machine = { ...debianRoot, dockerd: false };
    const plan = planFor({ missing: [git, debootstrap], engine: "silent", machine });
    expect(plan).toEqual({
      install: ["git", "debootstrap", "docker.io", "iptables"],
      start: "dockerd",
      refusals: [],
    });
  });

  test("a machine with systemd lets systemd start the engine", () => {
    const plan = planFor({ missing: [], engine: "silent", machine: { ...debianRoot, systemd: true } });
    expect(plan.start).toBe("systemd");
  });

  test("Ubuntu takes Debian's package names except where its own differ", () => {
    const machine = { ...debianRoot, distribution: "ubuntu" };
    expect(planFor({ missing: [git, chromium], engine: "answers", machine }).install).toEqual([
      "git",
      "chromium-browser",
    ]);
  });

  test("a plain user is told each missing part with its command and nothing is installed or started", () => {
    const machine = { ...debianRoot, root: false };
    expect(planFor({ missing: [git, chromium], engine: "silent", machine })).toEqual({
      install: [],
      start: undefined,
      refusals: [
        "git: sudo apt-get install -y --no-install-recommends git",
        "Chromium: sudo apt-get install -y --no-install-recommends chromium",
        "a Docker engine: sudo dockerd",
      ],
    });
  });

  test.each([
    ["fedora", "sudo dnf install -y git", "sudo dnf install -y moby-engine"],
    ["darwin", "brew install git", "brew install --cask docker, then open -a Docker"],
    ["alpine", "install git with this system's package manager", "install Docker with this system's package manager"],
  ])("%s is told its own commands, also as root", (distribution, gitCommand, engineCommand) => {
    const machine = { ...debianRoot, distribution, dockerd: false };
    const { refusals } = planFor({ missing: [git], engine: "silent", machine });
    expect(refusals).toEqual([`git: ${gitCommand}`, `a Docker engine: ${engineCommand}`]);
  });

  test("an engine that DOCKER_HOST names is never replaced by one of ours", () => {
    const machine = { ...debianRoot, dockerHost: "tcp://192.0.2.1:2375" };
    const plan = planFor({ missing: [], engine: "silent", machine });
    expect(plan.start).toBeUndefined();
    expect(plan.refusals.join()).toContain("DOCKER_HOST=tcp://192.0.2.1:2375");
  });

  test("an engine that refuses this user leads to the group and not to a second engine", () => {
    const plan = planFor({ missing: [], engine: "denied", machine: { ...debianRoot, root: false } });
    expect(plan.start).toBeUndefined();
    expect(plan.refusals.join()).toContain("usermod -aG docker");
  });
});

describe("tests that only root can run", () => {
  const lacking = (user: { uid: number; env: Record<string, string> }) =>
    requirementsOf(["root"], "linux", user).filter(({ present }) => !present());

  test("are a failure for a plain user in CI, with what to do, and nothing is installed for it", () => {
    const missing = lacking({ uid: 1_000, env: { CI: "true" } });
    const plan = planFor({ missing, engine: "answers", machine: { ...debianRoot, root: false } });
    expect(plan).toMatchObject({ install: [], start: undefined });
    expect(plan.refusals).toEqual([expect.stringMatching(/^root, .*: sudo env CI=true npm test/)]);
  });

  test("are left out for a plain user at home, and run for root", () => {
    for (const user of [
      { uid: 1_000, env: {} },
      { uid: 1_000, env: { CI: "false" } },
      { uid: 1_000, env: { CI: "0" } },
      { uid: 0, env: { CI: "true" } },
    ]) {
      expect(lacking(user)).toEqual([]);
    }
  });
});

test("an unknown part is refused with the parts there are", async () => {
  await expect(ensure(["kitchen"])).rejects.toThrow(
    "Unknown part 'kitchen'. Use: engine, image, browser, git, mercurial, local, shells, root.",
  );
});
