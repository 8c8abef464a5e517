// Makes sure of what the tests need beside Node: `node tools/prerequisites.mjs [engine] [image] [browser] [git] [mercurial] [local] [root]`,
// all of them without an argument. As root on Debian or Ubuntu it installs what is missing; elsewhere it says how to.
// Plain JavaScript without dependencies, because it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { engineState, startEngine } from "./prerequisites/engine.mjs";
import { describeMachine } from "./prerequisites/machine.mjs";
import { partNames, requirementsOf } from "./prerequisites/parts.mjs";
import { planFor } from "./prerequisites/plan.mjs";

export { findBrowser } from "./prerequisites/parts.mjs";

/** What could not be had; its message names each missing part and the command that installs it. */
export class MissingPartsError extends Error {
  code = "missing_parts";
}

/**
 * Installs and starts what the named parts lack, or throws `MissingPartsError`. Silent when everything is there.
 * @param {string[]} parts of `engine`, `image`, `browser`, `git`, `mercurial`, `local`, `root`; none means all
 * @param {{log?: (line: string) => void}} options where the line about each thing it does goes, stderr by default
 * @returns {Promise<void>}
 */
export async function ensure(parts = [], { log = (line) => console.error(line) } = {}) {
  const wanted = parts.length > 0 ? parts : partNames;
  const unknown = wanted.filter((part) => !partNames.includes(part));
  if (unknown.length > 0) throw new Error(`Unknown part '${unknown[0]}'. Use: ${partNames.join(", ")}.`);

  let plan = await look(wanted);
  if (plan.install.length > 0) {
    log(`Installing ${plan.install.join(", ")} …`);
    aptInstall(plan.install);
    plan = { ...(await look(wanted)), installed: true };
  }
  if (plan.start) {
    log(plan.start === "systemd" ? "Starting the Docker engine (systemctl start docker) …" : "Starting dockerd …");
    await startEngine(plan.start, log);
  }
  const refusals = plan.installed
    ? [...plan.refusals, ...plan.install.map((name) => `${name} was installed and is still not found.`)]
    : plan.refusals;
  if (refusals.length > 0) throw new MissingPartsError(`Missing on this machine:\n  ${refusals.join("\n  ")}`);
}

async function look(parts) {
  const missing = requirementsOf(parts).filter((requirement) => !requirement.present());
  return planFor({
    missing,
    engine: parts.includes("engine") ? await engineState() : "unasked",
    machine: describeMachine(),
  });
}

function aptInstall(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const wait = ["-qq", "-o", "DPkg::Lock::Timeout=300"];
  // A third party's broken source fails the update and is no reason to stop: the install below decides.
  spawnSync("apt-get", [...wait, "update"], { env, stdio: "ignore" });
  const { status, stdout, stderr } = spawnSync(
    "apt-get",
    [...wait, "install", "-y", "--no-install-recommends", ...packages],
    { env, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  if (status === 0) return;
  const tail = `${stdout}${stderr}`.trim().split("\n").slice(-10).join("\n  ");
  throw new MissingPartsError(`apt-get could not install ${packages.join(", ")}:\n  ${tail}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    await ensure(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
