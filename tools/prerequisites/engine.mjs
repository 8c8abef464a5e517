import { spawn, spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

const logFile = "/var/log/dockerd.log";
const patience = 60_000;

/**
 * Asks the engine that dockerode would use, without needing Docker's client.
 * @returns {Promise<"answers" | "silent" | "denied">}
 */
export async function engineState(dockerHost = process.env.DOCKER_HOST) {
  const socketPath = /^unix:\/\/(.+)$/.exec(dockerHost || "unix:///var/run/docker.sock")?.[1];
  if (socketPath) return ping(socketPath);
  // TLS and ssh are the client's own business.
  const { status } = spawnSync("docker", ["version"], { stdio: "ignore", timeout: 10_000 });
  return status === 0 ? "answers" : "silent";
}

function ping(socketPath) {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: "/_ping", timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? "answers" : "silent");
    });
    asked.on("timeout", () => asked.destroy(new Error("timeout")));
    asked.on("error", (error) => resolve(error.code === "EACCES" ? "denied" : "silent"));
    asked.end();
  });
}

/** Starts the engine and waits until it answers; safe to call while another process does the same. */
export async function startEngine(how, log) {
  const child = how === "systemd" ? undefined : startByHand();
  if (how === "systemd") {
    const { status, stderr } = spawnSync("systemctl", ["start", "docker"], { encoding: "utf8" });
    if (status !== 0) throw new Error(`systemctl could not start docker: ${stderr.trim()} (journalctl -u docker)`);
  }
  const deadline = performance.now() + patience;
  let ended = Number.POSITIVE_INFINITY;
  while ((await engineState()) !== "answers") {
    const now = performance.now();
    // Our dockerd gives way to one that somebody else is starting; that one gets a while to answer.
    if (child && child.exitCode !== null) ended = Math.min(ended, now);
    if (now > deadline || now > ended + 10_000) throw new Error(`The Docker engine did not answer.\n${logTail()}`);
    await delay(100);
  }
  if (child) log(`The Docker engine runs (process ${dockerdPid() ?? child.pid}, log ${logFile}).`);
}

/** dockerd in a session of its own, so that it outlives us; it writes its own pid file, /var/run/docker.pid. */
function startByHand() {
  dropStalePidFile("/var/run/docker.pid", "dockerd");
  dropStalePidFile("/var/run/docker/containerd/containerd.pid", "containerd");
  const output = openSync(logFile, "a");
  const env = { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin` };
  const child = spawn("dockerd", [], { detached: true, stdio: ["ignore", output, output], env });
  child.on("error", () => {});
  child.unref();
  closeSync(output);
  return child;
}

/** A machine that was cut off leaves pid files, and dockerd refuses to start when another program has that pid now. */
function dropStalePidFile(path, program) {
  const pid = readText(path)?.trim();
  if (pid && readText(`/proc/${pid}/comm`)?.trim() !== program) rmSync(path, { force: true });
}

function dockerdPid() {
  return readText("/var/run/docker.pid")?.trim();
}

function logTail() {
  const lines = readText(logFile)?.trim().split("\n").slice(-10) ?? [];
  return [`The end of ${logFile}:`, ...lines].join("\n  ");
}

function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
