import { Option, type Command } from "commander";
import type { CredentialInput } from "@ws/rpc-contract";
import { workerPath } from "../../caller-directory.ts";
import type { Context } from "../../context.ts";
import { CliError, EXIT } from "../../errors.ts";
import { readSecret } from "../../read-secret.ts";
import { collect } from "../../values.ts";
import { given } from "../../given.ts";

const TYPES = ["token", "env", "file", "ssh-key", "github-app"] as const;
type Type = (typeof TYPES)[number];

interface SetFlags {
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
    .argument("<name>", "NAME of a variable, ~/destination of a file, github-app, or any short name for a token")
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
  ws credential set ANTHROPIC_API_KEY < key.txt       a variable in every workspace
  ws credential set '~/.gitconfig'                    a file in every workspace`,
    )
    .action(async (name: string, flags: SetFlags) => {
      const type = flags.type ?? typeOf(name, flags);
      if (flags.hostKey !== undefined && type !== "ssh-key") {
        throw new CliError("usage", "Only an SSH key has a host with a key of its own.", {
          next: "Leave --host-key out, or name the type: --type ssh-key.",
          exit: EXIT.usage,
        });
      }
      const input: CredentialInput = {
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
      const { client } = await context.connect();
      const set = await client.credentials.set(input);
      if (flags.json === true) return context.printJson(set);
      context.print(`${set.name}  ${set.type}${set.host === undefined ? "" : `  ${set.host}`}`);
      if (set.login !== undefined) context.hint(`${set.host ?? "The forge"} takes it: it is ${set.login}'s.`);
      else if (set.host !== undefined && !set.checked && type !== "ssh-key") {
        context.hint("It was not checked: the forge cannot be asked from here, or is none that is known.");
      }
      if (flags.expose === true) context.hint("Everything that runs in a workspace can read it now.");
    });
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
