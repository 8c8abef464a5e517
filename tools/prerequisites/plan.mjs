/**
 * What to do about what is missing: packages to install with apt, how to start the engine, and a sentence with the
 * command for each part that only a person can bring.
 * @param {{
 *   missing: {what: string, debian?: string[], ubuntu?: string[], fedora?: string[], darwin?: string[], next?: string}[],
 *   engine: "answers" | "silent" | "denied" | "unasked",
 *   machine: {distribution: string, root: boolean, systemd: boolean, dockerd: boolean, dockerHost?: string},
 * }} found
 * @returns {{install: string[], start?: "systemd" | "dockerd", refusals: string[]}}
 */
export function planFor({ missing, engine, machine }) {
  const plan = { install: [], start: undefined, refusals: [] };
  for (const requirement of missing) {
    const packages = packagesOf(requirement, machine);
    if (packages && canInstall(machine)) plan.install.push(...packages);
    else {
      const next = requirement.next ?? installCommand(requirement.what, packages, machine);
      plan.refusals.push(`${requirement.what}: ${next}`);
    }
  }
  if (engine === "silent" || engine === "denied") {
    const reason = engineRefusal(engine, machine);
    if (reason) plan.refusals.push(`a Docker engine: ${reason}`);
    else plan.start = machine.systemd ? "systemd" : "dockerd";
    if (!reason && !machine.dockerd) plan.install.push("docker.io", "iptables");
  }
  return plan;
}

/** Why we cannot have the engine ourselves, with the way a person can. */
function engineRefusal(engine, machine) {
  const { distribution, root, systemd, dockerd, dockerHost } = machine;
  if (dockerHost) return `nothing answers at DOCKER_HOST=${dockerHost}; start that engine or unset DOCKER_HOST`;
  if (engine === "denied") return "this user may not use it; sudo usermod -aG docker $USER, then log in again";
  if (distribution === "darwin") return "brew install --cask docker, then open -a Docker";
  if (!dockerd && !canInstall(machine)) return installCommand("Docker", enginePackages(distribution), machine);
  if (!root) return systemd ? "sudo systemctl start docker" : "sudo dockerd";
  return undefined;
}

function enginePackages(distribution) {
  return { debian: ["docker.io"], ubuntu: ["docker.io"], fedora: ["moby-engine"] }[distribution];
}

function canInstall({ distribution, root }) {
  return root && (distribution === "debian" || distribution === "ubuntu");
}

function packagesOf(requirement, { distribution }) {
  return requirement[distribution] ?? (distribution === "ubuntu" ? requirement.debian : undefined);
}

function installCommand(what, packages, { distribution }) {
  if (!packages) return `install ${what} with this system's package manager`;
  const installer = {
    debian: "sudo apt-get install -y --no-install-recommends",
    ubuntu: "sudo apt-get install -y --no-install-recommends",
    fedora: "sudo dnf install -y",
    darwin: "brew install",
  }[distribution];
  return `${installer} ${packages.join(" ")}`;
}
