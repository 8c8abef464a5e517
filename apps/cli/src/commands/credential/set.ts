import { Option, type Command } from "commander";
import type { CredentialInput, CredentialPreset } from "@ws/rpc-contract";
import { workerPath } from "../../caller-directory.ts";
import type { Context } from "../../context.ts";
import { CliError, EXIT } from "../../errors.ts";
import { readSecret } from "../../read-secret.ts";
import { collect } from "../../values.ts";
import { given } from "../../given.ts";
import { presetInput, type PresetFlags } from "./set-preset.ts";

const TYPES = ["token", "env", "file", "ssh-key", "github-app"] as const;
type Type = (typeof TYPES)[number];

interface SetFlags extends PresetFlags {
  type?: Type;
  host?: string;
  username?: string;
  appId?: string;
  path?: string;
  expose?: boolean;
  hostKey?: string[];
  json?: true;
}

const WIRE: Readonly<Record<Type, CredentialInput["type"]>> = {
  token: "pat",
  env: "env",
  file: "file",
  "ssh-key": "ssh_key",
  "github-app": "github_app",
};

export function registerSet(credential: Command, context: Context): void {
  credential
    .command("set")
    .description(
      "Give the worker a credential, or replace one. The secret is read from standard input or typed unseen.",
    )
    .argument(
      "<name>",
      "env.NAME of a variable, files.DESTINATION=SOURCE, github-app, claude-code, codex, opencode, copilot, or any short name for a token",
    )
    .addOption(new Option("--type <type>", "what it is (default: as the name looks)").choices(TYPES))
    .option("--host <host>", "the forge of a token or key (default: that of the setting github.url)")
    .option("--username <name>", "what goes with the token, where the forge asks for a certain one")
    .option("--app-id <id>", "the id of the GitHub App, whose private key is the secret")
    .option(
      "--host-key <key>",
      "the key of an SSH key's host: SHA256:… as it is published, or a line of known_hosts; repeat for more",
      collect,
    )
    .option("--path <path>", "where the file lies on the worker (default: the same as its destination)")
    .option("--variable <name>", "of a coding tool: which of its variables the key goes into")
    .option("--copy-login", "of a coding tool: copy the login of the worker's user instead, after a warning")
    .option("--expose", "put GITHUB_TOKEN or GH_TOKEN into workspaces as a variable, too")
    .option("--no-expose", "leave it to git alone again")
    .option("--json", "print it as JSON, without the secret")
    .addHelpText(
      "after",
      `
Examples:
  ws credential set work                              a token of GitHub, typed unseen
  ws credential set lab --host git.example.com < token.txt
  ws credential set github-app --app-id 123 < key.pem
  ws credential set deploy --type ssh-key < ~/.ssh/id_ed25519
  ws credential set deploy --host-key SHA256:…        the same key, and whom it may be used at
  ws credential set env.ANTHROPIC_API_KEY < key.txt   a variable in every workspace
  ws credential set files.~/.npmrc=~/.npmrc           a file in every workspace
  ws credential set claude-code                       the token that 'claude setup-token' prints`,
    )
    .action(async (said: string, flags: SetFlags, command: Command) => {
      const spelled = spelledOut(said, flags);
      const { name } = spelled;
      const type = spelled.type ?? flags.type ?? typeOf(name, flags);
      const preset = type === "token" && flags.type === undefined ? await presetOf(context, name, flags) : undefined;
      if (preset === undefined) requireNoPresetFlags(name, flags);
      if (flags.hostKey !== undefined && type !== "ssh-key") {
        throw new CliError("usage", "Only an SSH key has a host with a key of its own.", {
          next: "Leave --host-key out, or name the type: --type ssh-key.",
          exit: EXIT.usage,
        });
      }
      const input: CredentialInput =
        preset === undefined
          ? await inputOf(context, name, type, { ...flags, ...given({ path: spelled.path }) })
          : await presetInput(context, command, preset, flags);
      const { client } = await context.connect();
      const set = await client.credentials.set(input);
      if (flags.json === true) return context.printJson(set);
      context.print(`${set.name}  ${set.type}${set.host === undefined ? "" : `  ${set.host}`}`);
      tellWhere(context, input);
      if (set.login !== undefined) context.hint(`${set.host ?? "The forge"} takes it: it is ${set.login}'s.`);
      else if (set.host !== undefined && !set.checked && type !== "ssh-key") {
        context.hint("It was not checked: the forge cannot be asked from here, or is none that is known.");
      }
      if (flags.expose === true) context.hint("Everything that runs in a workspace can read it now.");
    });
}

async function inputOf(context: Context, name: string, type: Type, flags: SetFlags): Promise<CredentialInput> {
  return {
    name,
    type: WIRE[type],
    ...(await valueOf(context, name, type, flags)),
    ...given({
      host: flags.host,
      username: flags.username,
      hostKeys: flags.hostKey,
      appId: flags.appId,
      expose: flags.expose,
    }),
  };
}

/** `env.NAME`, `files.DESTINATION` and `files.DESTINATION=SOURCE` say what they are. A name that would hold a secret is refused, for it is in the shell's history. */
function spelledOut(said: string, { path }: SetFlags): { name: string; type?: Type; path?: string } {
  const [, kind, rest = ""] = /^(?:credentials\.)?(env|files)\.(.+)$/s.exec(said) ?? [];
  if (kind === undefined) return { name: said };
  const at = rest.indexOf("=");
  if (kind === "env") {
    if (at === -1) return { name: rest, type: "env" };
    throw new CliError(
      "usage",
      "A secret is no argument: others on this machine can read it, and your shell keeps it.",
      {
        next: `Give it on standard input, or be asked for it: ws credential set env.${rest.slice(0, at)}.`,
        exit: EXIT.usage,
      },
    );
  }
  if (at === -1 || path !== undefined) return { name: rest, type: "file" };
  return { name: rest.slice(0, at), type: "file", path: rest.slice(at + 1) };
}

/** A worker of before knows none. */
async function presetOf(
  context: Context,
  name: string,
  { host, username }: SetFlags,
): Promise<CredentialPreset | undefined> {
  if (host !== undefined || username !== undefined) return undefined;
  const { client } = await context.connect();
  const presets = await client.credentials.presets().catch(() => []);
  return presets.find((preset) => preset.name === name);
}

function requireNoPresetFlags(name: string, { variable, copyLogin }: SetFlags): void {
  if (variable === undefined && copyLogin === undefined) return;
  throw new CliError("usage", `'${name}' is none of the coding tools that are known.`, {
    next: "Those are claude-code, codex, opencode and copilot. Leave --variable and --copy-login out for anything else.",
    exit: EXIT.usage,
  });
}

function tellWhere(context: Context, { type, value }: CredentialInput): void {
  if (value === undefined || (type !== "env" && type !== "file")) return;
  context.hint(
    type === "env"
      ? "It lies in secrets.json of the worker, which only its user can read. Programs that begin in workspaces from now on have it."
      : `Workspaces get a copy of the worker's ${value}, those that run as well, and of what becomes of it.`,
  );
}

/** Names in capitals are variables, paths are files, everything else is a token. */
function typeOf(name: string, { host, hostKey }: SetFlags): Type {
  if (hostKey !== undefined) return "ssh-key";
  if (name === "github-app") return "github-app";
  if (/^[~/.]/.test(name)) return "file";
  if (host === undefined && /^[A-Z_][A-Z0-9_]*$/.test(name)) return "env";
  return "token";
}

/** A destination without a directory is one in the home, and so is the file it is the same as. */
function atHome(destination: string): string {
  return /^[~/]/.test(destination) ? destination : `~/${destination.replace(/^(?:\.\/)+/, "")}`;
}

async function valueOf(
  context: Context,
  name: string,
  type: Type,
  { path, expose, hostKey, type: asked }: SetFlags,
): Promise<{ value?: string }> {
  if (type === "file") {
    if (path === undefined) return { value: atHome(name) };
    // The agent knows its own home.
    if (path.startsWith("~/")) return { value: path };
    const { target } = await context.connect();
    return { value: workerPath(context.io, target, path) };
  }
  if (path !== undefined) {
    throw new CliError("usage", "Only a file has a path on the worker.", {
      next: "Give a secret on standard input.",
      exit: EXIT.usage,
    });
  }
  if (expose !== undefined || (hostKey !== undefined && asked === undefined)) {
    const { client } = await context.connect();
    // Already kept: it need not be given again to be exposed, or not any more, or to be told whom to trust.
    if ((await client.credentials.list()).some((known) => known.name === name)) return {};
  }
  const what = { token: "token", env: `value of ${name}`, "ssh-key": "private key", "github-app": "private key" };
  return { value: await readSecret(context, what[type]) };
}
