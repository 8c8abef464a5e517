import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";

export interface SshGitServer extends AsyncDisposable {
  readonly port: number;
  /** Whom it lets in. */
  readonly user: string;
  /** With what, as OpenSSH wrote it. */
  readonly privateKey: string;
  /** One line, without a host. */
  readonly hostKey: string;
  /** The URL of a repository of this machine. */
  url(path: string): string;
  /** The commands that were asked for so far. */
  commands(): Promise<string[]>;
}

/**
 * A real git server over SSH: this machine's sshd on loopback, for one key, and git itself. `protocol` says whether it lets git's
 * wish for the second version of its protocol through.
 */
export async function startSshGitServer({ protocol = true }: { protocol?: boolean } = {}): Promise<SshGitServer> {
  await using opening = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "ws-ssh-git-"));
  opening.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  const [host, user] = [join(directory, "host"), join(directory, "user")];
  for (const path of [host, user])
    await promisify(execFile)("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path]);
  const log = join(directory, "commands");
  await writeFile(log, "");
  const force = join(directory, "force.sh");
  await writeFile(force, `printf '%s\\n' "$SSH_ORIGINAL_COMMAND" >>'${log}'\nexec sh -c "$SSH_ORIGINAL_COMMAND"\n`);
  const port = await freePort();
  const config = join(directory, "sshd_config");
  await writeFile(
    config,
    [
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${host}`,
      `AuthorizedKeysFile ${user}.pub`,
      "PidFile none",
      "StrictModes no",
      "UsePAM no",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      ...(protocol ? ["AcceptEnv GIT_PROTOCOL"] : []),
      "AllowAgentForwarding no",
      `ForceCommand /bin/sh ${force}`,
      "LogLevel INFO",
      "",
    ].join("\n"),
  );
  // As root it wants a place to lock itself into.
  if (process.getuid?.() === 0) await mkdir("/run/sshd", { recursive: true, mode: 0o755 });
  const child = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", config], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(child, "close");
  opening.defer(async () => {
    child.kill();
    await ended;
  });
  await listening(child.stderr);
  const { username } = userInfo();
  const [privateKey, hostKey] = await Promise.all([readFile(user, "utf8"), readFile(`${host}.pub`, "utf8")]);
  const opened = opening.move();
  return {
    port,
    user: username,
    privateKey,
    hostKey: hostKey.trim(),
    url: (path) => `ssh://${username}@127.0.0.1:${port}${path}`,
    commands: async () =>
      (await readFile(log, "utf8"))
        .trim()
        .split("\n")
        .filter((line) => line !== ""),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function listening(said: Readable): Promise<void> {
  let text = "";
  for await (const chunk of said.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.includes("Server listening on")) return void said.resume();
  }
  throw new Error(`sshd did not come up: ${text}`);
}
