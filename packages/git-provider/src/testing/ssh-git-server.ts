import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import ssh2 from "ssh2";

export interface SshGitServer extends AsyncDisposable {
  readonly port: number;
  /** Whom it lets in, as OpenSSH wrote it. */
  readonly privateKey: string;
  /** Its own key, one line without a host. */
  readonly hostKey: string;
  /** The commands that were asked for so far, and how many connections they came over. */
  readonly commands: readonly string[];
  readonly connections: () => number;
  /** The URL of a repository of this machine. */
  url(path: string): string;
  /** Answers what matches in place of git, once: with these words beside the answer and this end. */
  refuse(command: RegExp, words: string): void;
  /** Breaks the connection of what matches, once, after so many bytes of its answer. */
  cut(command: RegExp, afterBytes: number): void;
}

/** As forges are: who comes is known by the key, and always called this. */
const USER = "git";

/**
 * Git's own server programs over SSH on loopback, for one key. `protocol` says whether it lets git's wish for the second version of
 * its protocol through; `single`, whether each command needs a connection of its own; `mute`, whether it never says that it takes one;
 * `root`, below which repositories' paths begin.
 */
export async function startSshGitServer({
  protocol = true,
  single = false,
  mute = false,
  root = "",
}: { protocol?: boolean; single?: boolean; mute?: boolean; root?: string } = {}): Promise<SshGitServer> {
  await using opening = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "ws-ssh-git-"));
  opening.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  const [host, user] = await Promise.all([makeKey(join(directory, "host")), makeKey(join(directory, "user"))]);
  const known = ssh2.utils.parseKey(user.open);
  if (known instanceof Error) throw known;
  const commands: string[] = [];
  const refusals: { command: RegExp; words: string }[] = [];
  const cuts: { command: RegExp; afterBytes: number }[] = [];
  const clients = new Set<ssh2.Connection>();
  let connections = 0;

  const server = new ssh2.Server({ hostKeys: [host.secret] }, (client) => {
    connections += 1;
    let sessions = 0;
    clients.add(client);
    client.on("close", () => clients.delete(client));
    client.on("error", () => undefined);
    client.on("authentication", (asked) => {
      if (isUser(asked)) asked.accept();
      else asked.reject(["publickey"]);
    });
    client.on("session", (accept, reject) => {
      sessions += 1;
      if (single && sessions > 1) return reject();
      serve(client, accept());
    });
  });

  function isUser(asked: ssh2.AuthContext): boolean {
    if (asked.method !== "publickey" || asked.username !== USER) return false;
    if (known instanceof Error || !asked.key.data.equals(known.getPublicSSH())) return false;
    // The library gives an error, too, which its declarations do not say.
    const verified: unknown =
      asked.signature === undefined || known.verify(asked.blob ?? "", asked.signature, asked.hashAlgo);
    return verified === true;
  }

  function serve(client: ssh2.Connection, session: ssh2.Session): void {
    const env: Record<string, string> = {};
    session.on("env", (accept: (() => void) | undefined, _reject, { key, val }) => {
      if (protocol && key === "GIT_PROTOCOL") env[key] = val;
      accept?.();
    });
    session.on("exec", (accept, _reject, { command }) => {
      commands.push(command);
      if (mute) return;
      const channel = accept();
      channel.on("error", () => undefined);
      const refused = taken(refusals, command);
      if (refused !== undefined) {
        channel.stderr.write(refused.words);
        channel.exit(1);
        return void channel.end();
      }
      const { PATH } = process.env;
      const child = spawn("/bin/sh", ["-c", command.replace(/ '\//, () => ` '${root}/`)], {
        cwd: directory,
        env: { PATH, ...env },
      });
      child.stdin.on("error", () => undefined);
      channel.on("close", () => child.kill());
      channel.pipe(child.stdin);
      child.stderr.pipe(channel.stderr, { end: false });
      child.on("close", (code) => {
        channel.exit(code ?? 143);
        channel.end();
      });
      const cut = taken(cuts, command);
      let left = cut?.afterBytes ?? Infinity;
      child.stdout.on("data", (chunk: Buffer) => {
        const isLast = chunk.length >= left;
        if (!channel.write(chunk.subarray(0, Math.min(left, chunk.length)))) {
          child.stdout.pause();
          channel.once("drain", () => child.stdout.resume());
        }
        left -= chunk.length;
        if (isLast) client.end();
      });
    });
  }

  // OpenSSH does not delay small packets either.
  const door = createServer({ noDelay: true }, (socket) => server.injectSocket(socket));
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
  const { port } = door.address() as AddressInfo;
  opening.defer(async () => {
    for (const client of clients) client.end();
    await new Promise<void>((resolve) => void door.close(() => resolve()));
  });
  const opened = opening.move();
  return {
    port,
    privateKey: user.secret,
    hostKey: host.open.trim(),
    commands,
    connections: () => connections,
    url: (path) => `ssh://${USER}@127.0.0.1:${port}${path}`,
    refuse: (command, words) => void refusals.push({ command, words }),
    cut: (command, afterBytes) => void cuts.push({ command, afterBytes }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function taken<T extends { command: RegExp }>(from: T[], command: string): T | undefined {
  const at = from.findIndex((each) => each.command.test(command));
  return at === -1 ? undefined : from.splice(at, 1)[0];
}

async function makeKey(path: string): Promise<{ secret: string; open: string }> {
  await promisify(execFile)("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path]);
  const [secret, open] = await Promise.all([readFile(path, "utf8"), readFile(`${path}.pub`, "utf8")]);
  // Whoever looks for it on the machine later is to find it nowhere.
  await Promise.all([rm(path), rm(`${path}.pub`)]);
  return { secret, open };
}
