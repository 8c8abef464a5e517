import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { printable } from "../output/printable.ts";
import { quoted } from "../output/quoted.ts";
import { sshPlaces } from "./places.ts";
import { isWritten, setUpSsh } from "./set-up.ts";

/** This device's SSH agent, as the workspace's programs find it until this is disposed. */
export interface LentAgent extends AsyncDisposable {
  /** What leads to this very connection: the value of `SSH_AUTH_SOCK`. */
  readonly socket: string;
  /** The same by a name that stays, for a terminal that outlives the connection. */
  readonly link: string;
  /** Resolves when it is lent no more, for whatever reason. */
  readonly over: Promise<void>;
}

/** Tells where the agent is and keeps it there until the connection ends, which also ends `cat`. */
const HOLD = `
[ -S "$SSH_AUTH_SOCK" ] || exit 3
mkdir -p "$HOME/.ws" && ln -sfn -- "$SSH_AUTH_SOCK" "$HOME/.ws/ssh-agent" || exit 4
trap : HUP
printf "%s\\\\n" "$SSH_AUTH_SOCK" "$HOME/.ws/ssh-agent"
cat >/dev/null
[ "$(readlink -- "$HOME/.ws/ssh-agent")" != "$SSH_AUTH_SOCK" ] || rm -f -- "$HOME/.ws/ssh-agent"
`;

/**
 * Lends it by a second connection that says nothing, of OpenSSH's own client, as long as this is not disposed. Throws a `CliError`: there is
 * none here, the workspace is lent none, or SSH does not get there.
 */
export async function lendAgent(context: Context, name: string): Promise<LentAgent> {
  const { env } = context.io;
  if ((env["SSH_AUTH_SOCK"] ?? "") === "") {
    throw new CliError("ssh_agent_missing", "There is no SSH agent on this device to lend: SSH_AUTH_SOCK is not set.", {
      next: 'Start one: eval "$(ssh-agent)"; ssh-add.',
      exit: EXIT.failed,
    });
  }
  const { profile } = await (await context.connect()).client.workspaces.get({ name });
  if (profile === "agent") throw lentNone(name);
  if (!isWritten(env, context.on)) await setUpSsh(context, { print: true });
  const host = context.on === undefined ? `${name}.ws` : `${name}.${context.on}.ws`;
  const own = ["-F", sshPlaces(env).config, "-A", "-T", "-o", "BatchMode=yes", "-o", "ControlPath=none"];
  const child = spawn("ssh", [...own, "--", host, `exec sh -c ${quoted(HOLD)}`], { env: { ...process.env, ...env } });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2_000)));
  child.stdin.on("error", () => undefined);
  const over = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("close", () => resolve());
  });
  const end = async (): Promise<void> => {
    child.stdin.end();
    await over;
  };
  const lines = createInterface({ input: child.stdout });
  const told: string[] = [];
  lines.on("line", (line) => void (told.length < 2 && told.push(line)));
  while (told.length < 2) {
    const isOver = await Promise.race([once(lines, "line").then(() => false), over.then(() => true)]);
    if (isOver) throw failed(name, { code: child.exitCode, said });
  }
  const [socket = "", link = ""] = told;
  if (![socket, link].every((path) => /^\/\P{Cc}+$/u.test(path))) {
    await end();
    throw failed(name, { code: null, said });
  }
  return { socket, link, over, [Symbol.asyncDispose]: end };
}

function failed(name: string, { code, said }: { code: number | null; said: string }): CliError {
  if (code === 3) return lentNone(name);
  const why = printable(said).trim();
  return new CliError(
    "ssh_agent_missing",
    `Your SSH agent could not be lent to '${name}'${why === "" ? "." : `: ${why}`}`,
    {
      next: `Set SSH up anew and see whether it gets there: ws ssh-config; ssh -A ${name}.ws ssh-add -l.`,
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
