import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSshGitServer } from "@ws/git-provider/testing";
import { output } from "../commands.ts";
import { timed } from "../harness.ts";

/** Git over OpenSSH's own `ssh` on this machine, and the server that ours reaches with the same key. */
export interface SshGitPeer extends AsyncDisposable {
  url: string;
  privateKey: string;
  hostKey: string;
  /** Milliseconds of a `git clone --bare`: the way, and nothing of a checkout. */
  clone: (signal: AbortSignal) => Promise<number>;
}

/** Serves a repository of this machine. */
export async function startSshGitPeer(repository: string): Promise<SshGitPeer> {
  await using undo = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "ws-bench-ssh-"));
  undo.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  const { privateKey, hostKey, port, url: urlOf } = undo.use(await startSshGitServer());
  const [key, known] = [join(directory, "key"), join(directory, "known_hosts")];
  await writeFile(key, privateKey, { mode: 0o600 });
  await writeFile(known, `[127.0.0.1]:${port} ${hostKey}\n`);
  const ssh = `ssh -F /dev/null -i ${key} -o IdentitiesOnly=yes -o UserKnownHostsFile=${known}`;
  const env = { ...process.env, GIT_SSH_COMMAND: ssh, GIT_CONFIG_GLOBAL: "/dev/null" };
  const url = urlOf(repository);
  let count = 0;
  const opened = undo.move();
  return {
    url,
    privateKey,
    hostKey,
    clone(signal) {
      count += 1;
      const path = join(directory, `copy-${count}`);
      return timed(() => output("git", ["clone", "--quiet", "--bare", url, path], { env, signal }));
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
