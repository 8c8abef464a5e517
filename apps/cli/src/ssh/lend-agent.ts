import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { AgentConnection } from "../agent-connection.ts";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { printable } from "../output/printable.ts";
import { quoted } from "../output/quoted.ts";
import { configText, knownHostsText, requireSound } from "./config-text.ts";
import { ownKey } from "./own-key.ts";
import { sshPlaces } from "./places.ts";
import { commandLine } from "./set-up.ts";

/** This device's SSH agent, as the workspace's programs find it until this is disposed. */
export interface LentAgent extends AsyncDisposable {
  /** What leads to this very connection: the value of `SSH_AUTH_SOCK`. */
  readonly socket: string;
  /** For a terminal the same by a name that stays, as the terminal outlives the connection. */
  readonly link: string;
}

/** Tells where the agent is and keeps it there until the connection ends, which also ends `cat`. */
const HOLD = `
[ -S "$SSH_AUTH_SOCK" ] || exit 3
trap : HUP
printf "%s\\\\n" "$SSH_AUTH_SOCK"
cat >/dev/null
`;

/**
 * The same for terminals, with a name that leads to the one which came last of those that are still there. Beside it stand the sockets of
 * all connections for terminals, named as their directories are: only among them is the next one found, never another's of `ssh -A`.
 */
const HOLD_FOR_TERMINALS = `
[ -S "$SSH_AUTH_SOCK" ] || exit 3
link=$HOME/.ws/ssh-agent all=$HOME/.ws/ssh-agents
own=$all/$(basename -- "$(dirname -- "$SSH_AUTH_SOCK")")
mkdir -p "$all" && ln -sfn -- "$SSH_AUTH_SOCK" "$own" && ln -sfn -- "$SSH_AUTH_SOCK" "$link" || exit 4
trap : HUP
printf "%s\\\\n" "$SSH_AUTH_SOCK" "$link"
cat >/dev/null
rm -f -- "$own"
if [ "$(readlink -- "$link")" = "$SSH_AUTH_SOCK" ]; then
  rm -f -- "$link"
  for each in $(ls -t -- "$all"); do
    if [ -S "$all/$each" ]; then ln -sfn -- "$(readlink -- "$all/$each")" "$link"; break; fi
    rm -f -- "$all/$each"
  done
fi
rmdir -- "$all" 2>/dev/null
`;

/** How long a connection is given to end by itself; one that stalls must not hold a command that has ended. */
const PATIENCE_MS = 2_000;

/**
 * Lends it by a second connection that says nothing, of OpenSSH's own client, as long as this is not disposed; says so when it breaks before.
 * It goes to the very worker that `context.connect()` leads to, whatever SSH is set up for here, which is neither needed nor changed.
 * `forTerminal` gives it the `link`, too. Throws a `CliError`: there is none here, the workspace is lent none, or SSH does not get there.
 */
export async function lendAgent(
  context: Context,
  name: string,
  { forTerminal = false }: { forTerminal?: boolean } = {},
): Promise<LentAgent> {
  const env = { ...process.env, ...context.io.env };
  if ((env["SSH_AUTH_SOCK"] ?? "") === "") {
    throw new CliError("ssh_agent_missing", "There is no SSH agent on this device to lend: SSH_AUTH_SOCK is not set.", {
      next: 'Start one: eval "$(ssh-agent)"; ssh-add.',
      exit: EXIT.failed,
    });
  }
  const { client, target } = await context.connect();
  const { profile } = await client.workspaces.get({ name });
  if (profile === "agent") throw lentNone(name);
  const way = await writeWay(context.io.env, { client, target });
  const options = ["-F", way.config, "-A", "-T", "-o", "BatchMode=yes", "-o", "ControlPath=none"];
  const patience = ["-o", "ConnectTimeout=30"];
  const hold = `exec sh -c ${quoted(forTerminal ? HOLD_FOR_TERMINALS : HOLD)}`;
  // In a group of its own: Ctrl-C is for the command, which may go on.
  const child = spawn("ssh", [...options, ...patience, "--", `${name}.ws`, hold], { env, detached: true });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2_000)));
  child.stdin.on("error", () => undefined);
  const over = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("close", () => resolve());
  });
  let isLent = false;
  const end = async (): Promise<void> => {
    isLent = false;
    child.stdin.end();
    const late = setTimeout(() => killGroup(child.pid), PATIENCE_MS);
    await over;
    clearTimeout(late);
  };
  const wanted = forTerminal ? 2 : 1;
  const told: string[] = [];
  try {
    const lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => void (told.length < wanted && told.push(line)));
    while (told.length < wanted) {
      const isOver = await Promise.race([once(lines, "line").then(() => false), over.then(() => true)]);
      if (isOver) throw failed(name, { code: child.exitCode, said, on: target.on });
    }
  } finally {
    // SSH has read all of it by now.
    way.remove();
  }
  const [socket = "", link = socket] = told;
  if (![socket, link].every((path) => /^\/\P{Cc}+$/u.test(path))) {
    await end();
    throw failed(name, { code: null, said, on: target.on });
  }
  isLent = true;
  void over.then(() => {
    // A terminal is as the program in it wants it, so that a line alone would not begin at the left.
    const left = forTerminal ? "\r" : "";
    if (isLent) context.hint(`[your SSH agent is lent no more: the connection to it broke]${left}`);
  });
  return { socket, link, [Symbol.asyncDispose]: end };
}

/** With what SSH started to get there, which has the same way out of this process. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // All of it has just ended.
  }
}

/** SSH's configuration for one connection: this very target, with the host key that it tells over the connection that is trusted already. */
async function writeWay(
  env: Context["io"]["env"],
  { client, target }: AgentConnection,
): Promise<{ config: string; remove: () => void }> {
  const { key } = sshPlaces(env);
  const own = ownKey(sshPlaces(env), { ...process.env, ...env });
  const known = await client.ssh.info();
  // Told without its comment.
  const isTold = known.key === own.split(" ").slice(0, 2).join(" ");
  const { worker: id, hostKey } = isTold ? known : await client.ssh.setKey({ key: own });
  const worker = requireSound({ id, hostKey });
  const directory = mkdtempSync(join(tmpdir(), "ws-lend-"));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  const [config, knownHosts] = [join(directory, "config"), join(directory, "known_hosts")];
  try {
    writeFileSync(knownHosts, knownHostsText([worker]), { mode: 0o600 });
    const command = [...commandLine(env), "--on", target.on ?? ""];
    writeFileSync(config, configText([worker], { key, knownHosts }, command), { mode: 0o600 });
  } catch (error) {
    remove();
    throw error;
  }
  return { config, remove };
}

function failed(
  name: string,
  { code, said, on }: { code: number | null; said: string; on: string | undefined },
): CliError {
  if (code === 3) return lentNone(name);
  const why = printable(said).trim();
  return new CliError(
    "ssh_agent_missing",
    `Your SSH agent could not be lent to '${name}'${why === "" ? "." : `: ${why}`}`,
    {
      next: `Set SSH up anew and see whether it gets there: ws ssh-config; ssh -A ${on === undefined ? name : `${name}.${on}`}.ws ssh-add -l.`,
      exit: EXIT.failed,
    },
  );
}

function lentNone(name: string): CliError {
  return new CliError(
    "forbidden",
    `'${name}' is lent no SSH agent: it is of the profile 'agent', or has no room for one.`,
    {
      next: "For git give it a credential of the worker: ws credential.",
      exit: EXIT.denied,
    },
  );
}
