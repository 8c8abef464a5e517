import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import type { SshForge } from "@ws/git-provider/testing";
import { docker } from "./agent-process.ts";

export interface OpensshForge extends SshForge, AsyncDisposable {
  readonly port: number;
  /** Its keys of other kinds, each one line without a host. */
  readonly hostKeys: Readonly<Record<"ecdsa" | "ed25519" | "rsa", string>>;
  /** Keys of these kinds that it lets in, too. */
  readonly privateKeys: Readonly<Record<"ecdsa" | "rsa", string>>;
}

const KINDS = ["ed25519", "ecdsa", "rsa"] as const;

const SERVE = `
useradd --non-unique --uid "$FORGE_UID" --home-dir /srv --shell /usr/bin/git-shell --password '*' git
for kind in ${KINDS.join(" ")}; do ssh-keygen -q -t $kind -N '' -C '' -f /etc/ssh/ssh_host_"$kind"_key; done
printf '%s' "$FORGE_KEYS" >/etc/ssh/forge_keys
cat /etc/ssh/ssh_host_*_key.pub
exec /usr/sbin/sshd -D -e "$@"`;

/**
 * OpenSSH's own server in a container of an image that has it, published on loopback, with git's own shell. It serves what lies
 * below `root` on this machine under the same path, as this user.
 */
export async function startOpensshForge({
  image,
  root,
  options,
}: {
  image: string;
  root: string;
  /** Of `sshd_config`, each `Name=value`. */
  options: readonly string[];
}): Promise<OpensshForge> {
  await using opening = new AsyncDisposableStack();
  const [own, ecdsa, rsa] = await Promise.all(KINDS.map(makeKey));
  const name = `ws-openssh-${randomUUID()}`;
  const settings = ["AuthorizedKeysFile=/etc/ssh/forge_keys", "PasswordAuthentication=no", "UsePAM=no", ...options];
  opening.defer(async () => void (await docker("rm", "--force", "--volumes", name)));
  const keys = [own, ecdsa, rsa].map((key) => key?.open).join("");
  const run = ["run", "--detach", "--name", name, "--user", "0", "--publish", "127.0.0.1::22"];
  run.push("--volume", `${root}:${root}`, "--env", `FORGE_UID=${process.getuid?.() ?? 0}`);
  run.push("--env", `FORGE_KEYS=${keys}`, "--entrypoint", "sh", image, "-ec", SERVE, "sh");
  await docker(...run, ...settings.flatMap((setting) => ["-o", setting]));
  const shown = await untilListening(name);
  const [published = ""] = await docker("port", name, "22/tcp");
  const port = Number(published.split(":").at(-1));
  const keyOf = (kind: string): string => shown.find((line) => line.split(" ")[0]?.includes(kind))?.trim() ?? "";
  const opened = opening.move();
  return {
    port,
    hostKey: keyOf("ed25519"),
    hostKeys: { ecdsa: keyOf("ecdsa"), ed25519: keyOf("ed25519"), rsa: keyOf("rsa") },
    privateKey: own?.secret ?? "",
    privateKeys: { ecdsa: ecdsa?.secret ?? "", rsa: rsa?.secret ?? "" },
    url: (path) => `ssh://git@127.0.0.1:${port}${path}`,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Resolves to the keys that it shows. Throws where it ends instead. */
async function untilListening(name: string): Promise<string[]> {
  const logs = spawn("docker", ["logs", "--follow", name], { stdio: ["ignore", "pipe", "pipe"] });
  const until = async (source: Readable, isEnd: (lines: readonly string[]) => boolean): Promise<string[]> => {
    const lines: string[] = [];
    for await (const line of createInterface(source)) {
      lines.push(line);
      if (isEnd(lines)) return lines;
    }
    throw new Error(`sshd did not start:\n${lines.join("\n")}`);
  };
  try {
    const [keys] = await Promise.all([
      until(logs.stdout, ({ length }) => length === KINDS.length),
      until(logs.stderr, (lines) => lines.at(-1)?.startsWith("Server listening on") === true),
    ]);
    return keys;
  } finally {
    logs.kill();
  }
}

async function makeKey(kind: string): Promise<{ secret: string; open: string }> {
  const directory = await mkdtemp(join(tmpdir(), "ws-openssh-key-"));
  try {
    const path = join(directory, "key");
    await promisify(execFile)("ssh-keygen", ["-q", "-t", kind, "-N", "", "-C", "", "-f", path]);
    const [secret, open] = await Promise.all([readFile(path, "utf8"), readFile(`${path}.pub`, "utf8")]);
    return { secret, open };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
