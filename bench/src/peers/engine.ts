import Docker from "dockerode";
import { output } from "../commands.ts";
import { NotAvailable } from "../not-available.ts";

/** Docker used directly, as somebody without Workspace would: its command line, and its API. */
export interface EnginePeer {
  /** Throws `NotAvailable` where no engine answers, or Docker's command line is missing. */
  require: () => Promise<void>;
  /** `docker run -d IMAGE sleep infinity`; resolves to the container. */
  runDetached: (image: string, signal: AbortSignal) => Promise<string>;
  /** `docker exec`, by command line. */
  exec: (container: string, argv: readonly string[], signal: AbortSignal) => Promise<string>;
  /** The same through the engine's API: create, start, read to the end, ask for the exit code. */
  apiExec: (
    container: string,
    argv: readonly string[],
    signal: AbortSignal,
  ) => Promise<{ stdout: string; code: number }>;
  remove: (containers: readonly string[]) => Promise<void>;
}

export function createEnginePeer(options: { cleanup: AsyncDisposableStack; run: string }): EnginePeer {
  const { cleanup, run } = options;
  const label = `ws.bench=${run}`;
  const docker = new Docker();

  async function sweep(): Promise<void> {
    const found = await output("docker", ["ps", "-aq", "--filter", `label=${label}`]);
    await remove(found.split("\n").filter((id) => id !== ""));
  }

  async function remove(containers: readonly string[]): Promise<void> {
    if (containers.length > 0) await output("docker", ["rm", "--force", "--volumes", ...containers]);
  }

  let swept = false;
  return {
    async require() {
      try {
        await output("docker", ["version", "--format", "{{.Server.Version}}"]);
      } catch (error) {
        throw new NotAvailable((error as Error).message, { cause: error });
      }
    },
    async runDetached(image, signal) {
      // An abort can leave a container whose id we never read.
      if (!swept) cleanup.defer(sweep);
      swept = true;
      return output("docker", ["run", "--detach", "--label", label, image, "sleep", "infinity"], { signal });
    },
    exec: (container, argv, signal) => output("docker", ["exec", container, ...argv], { signal }),
    async apiExec(container, argv, signal) {
      const exec = await docker
        .getContainer(container)
        .exec({ Cmd: [...argv], AttachStdout: true, AttachStderr: true, abortSignal: signal });
      const stream = await exec.start({ abortSignal: signal });
      const parts: Buffer[] = [];
      for await (const part of stream) parts.push(part as Buffer);
      const { ExitCode } = await exec.inspect({ abortSignal: signal });
      return { stdout: stdoutOf(Buffer.concat(parts)), code: ExitCode ?? -1 };
    },
    remove,
  };
}

/** The engine sends frames: stream, three zeros, length, bytes. */
function stdoutOf(frames: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= frames.length;) {
    const end = at + 8 + frames.readUInt32BE(at + 4);
    if (frames[at] === 1) parts.push(frames.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(parts).toString();
}
