import { existsSync, readFileSync } from "node:fs";

/** What decides how a missing part is had here: the distribution, whether we are root, and who starts services. */
export function describeMachine() {
  return {
    distribution: process.platform === "linux" ? distribution() : process.platform,
    root: process.getuid?.() === 0,
    // The test of sd_booted(3): the folder exists only where systemd is PID 1.
    systemd: existsSync("/run/systemd/system"),
    dockerHost:
      process.env.DOCKER_HOST === "unix:///var/run/docker.sock" ? undefined : process.env.DOCKER_HOST || undefined,
    dockerd: ["/usr/sbin/dockerd", "/usr/bin/dockerd", "/usr/local/bin/dockerd"].some((path) => existsSync(path)),
  };
}

/** The first of the distributions that the plan knows in os-release's ID and ID_LIKE, else ID itself. */
function distribution() {
  let text = "";
  try {
    text = readFileSync("/etc/os-release", "utf8");
  } catch {
    return "linux";
  }
  const field = (name) => new RegExp(`^${name}="?([^"\n]*)`, "m").exec(text)?.[1] ?? "";
  const names = [field("ID"), ...field("ID_LIKE").split(" ")];
  return names.find((name) => ["debian", "ubuntu", "fedora"].includes(name)) ?? (names[0] || "linux");
}
