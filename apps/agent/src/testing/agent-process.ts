import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface AgentProcess {
  child: ChildProcess;
  /** Resolves to its address and socket, or rejects with what it said instead. */
  healthy: Promise<{ url: string; socket: string }>;
  /** The exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>;
  stdout(): string;
  stderr(): string;
}

/** An agent as a process of its own, on a worker in memory unless its program says otherwise. */
export function spawnAgent(
  configDirectory: string,
  env: Record<string, string> = {},
  umask = "022",
  program = new URL("run-fake-agent.ts", import.meta.url),
): AgentProcess {
  const child = spawn(
    "sh",
    ["-c", `umask ${umask}; exec "$0" "$@"`, process.execPath, "--conditions=source", fileURLToPath(program)],
    {
      env: {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        WS_PORT: "0",
        ...env,
        WS_CONFIG_DIR: configDirectory,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let stdout = "";
  let stderr = "";
  const healthy = Promise.withResolvers<{ url: string; socket: string }>();
  healthy.promise.catch(() => undefined);
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    const found = /^healthy (\S+) (\S+)$/m.exec(stdout);
    if (found !== null) healthy.resolve({ url: found[1] ?? "", socket: found[2] ?? "" });
  });
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on("close", (code, signal) => {
      healthy.reject(new Error(stderr));
      resolve(code ?? signal);
    });
  });
  return { child, healthy: healthy.promise, ended, stdout: () => stdout, stderr: () => stderr };
}
