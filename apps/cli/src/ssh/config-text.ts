import { CliError, EXIT } from "../errors.ts";
import type { SshPlaces } from "./places.ts";

/** A worker whose workspaces have host names. */
export interface SshWorker {
  /** Absent for the worker that is meant where none is named. */
  name?: string;
  /** The worker's id: 16 hexadecimal digits. */
  id: string;
  /** Its key of Ed25519, as it stands in a known_hosts behind the name. */
  hostKey: string;
}

/**
 * What a worker says of itself, before any of it stands in a file that SSH reads: in there a line break would be a command on this
 * device. Throws `protocol_error`.
 */
export function requireSound(worker: SshWorker): SshWorker {
  if (isSound(worker)) return worker;
  throw new CliError("protocol_error", "It tells an id or a host key that no worker has.", {
    next: "Nothing of it was written for SSH. See whether that is your worker: ws worker list.",
    exit: EXIT.denied,
  });
}

function isSound({ id, hostKey }: SshWorker): boolean {
  return /^[0-9a-f]{16}$/.test(id) && /^ssh-ed25519 [A-Za-z0-9+/]{68}$/.test(hostKey);
}

/** What stands in our own file of SSH's configuration. `command` is how the command line is called, word by word. Throws a `CliError`. */
export function configText(
  workers: readonly SshWorker[],
  places: Pick<SshPlaces, "key" | "knownHosts">,
  command: readonly string[],
): string {
  const blocks = workers
    .map(requireSound)
    .toSorted((one, other) => Number(one.name === undefined) - Number(other.name === undefined))
    .map(({ name, id }) =>
      [
        // SSH takes the first that it finds: a worker's own stands before all the others'.
        `Host ${name === undefined ? "*.ws" : `*.${name}.ws`}`,
        `  HostKeyAlias ${aliasOf(id)}`,
      ].join("\n"),
    );
  return [
    "# Written by 'ws ssh-config', which writes it anew.",
    GUARD,
    ...blocks,
    `Host *.ws
  ProxyCommand ${command.map(shellWord).join(" ")} ssh-proxy '%n'
  User workspace
  StrictHostKeyChecking yes
  UserKnownHostsFile ${configWord(places.knownHosts)}
  GlobalKnownHostsFile /dev/null
  CheckHostIP no
  IdentityFile ${configWord(places.key)}
  IdentitiesOnly yes
  PreferredAuthentications publickey
  ForwardAgent no
  ServerAliveInterval 15`,
    "",
  ].join("\n\n");
}

/**
 * A repository can bring a submodule at any host name, which a shell reads in the command below: one that could end its quotes
 * is led nowhere.
 */
const GUARD = `Host "*'*.ws"
  ProxyCommand none
  HostName invalid.`;

/** The host key of each worker. Throws `protocol_error`, also where two workers of one id have different keys. */
export function knownHostsText(workers: readonly SshWorker[]): string {
  const keys = new Map<string, string>();
  for (const { id, hostKey } of workers.map(requireSound)) {
    if ((keys.get(id) ?? hostKey) !== hostKey) {
      throw new CliError("protocol_error", `Two workers say that they are ${id}, with different host keys.`, {
        next: "Nothing was written for SSH. See which is yours: ws worker list.",
        exit: EXIT.denied,
      });
    }
    keys.set(id, hostKey);
  }
  return [...keys].map(([id, hostKey]) => `${aliasOf(id)} ${hostKey}\n`).join("");
}

function aliasOf(id: string): string {
  return `ws-${id}`;
}

/** A word of a command that a shell reads, with SSH's own signs as they are. */
function shellWord(word: string): string {
  return `'${fit(word)
    .replaceAll("%", "%%")
    .replaceAll("'", String.raw`'\''`)}'`;
}

/** A path in a line of the configuration. */
function configWord(path: string): string {
  if (path.includes('"')) throw unfit(path);
  return `"${fit(path).replaceAll("%", "%%").replaceAll("${", "$ {")}"`;
}

function fit(text: string): string {
  if (/[\n\r\0]/.test(text)) throw unfit(text);
  return text;
}

function unfit(path: string): CliError {
  return new CliError("config_invalid", `SSH's configuration cannot hold this path: ${JSON.stringify(path)}.`, {
    next: "Set WS_CONFIG_DIR to another one.",
  });
}

/** The workers of what was written before. */
export function knownWorkers(config: string, knownHosts: string): SshWorker[] {
  const keys = new Map(knownHosts.split("\n").map((line) => [line.split(" ")[0], line.split(" ").slice(1).join(" ")]));
  return [...config.matchAll(/^Host \*(?:\.([a-z0-9-]+))?\.ws\n {2}HostKeyAlias ws-(\S+)$/gm)].flatMap(
    ([, name, id = ""]) => {
      const hostKey = keys.get(aliasOf(id));
      const worker = { id, hostKey: hostKey ?? "", ...(name === undefined ? {} : { name }) };
      return isSound(worker) ? [worker] : [];
    },
  );
}
