import { existsSync } from "node:fs";
import type { Command } from "commander";
import { workerPath } from "../caller-directory.ts";
import { clientConfigPath } from "../client-config-path.ts";
import type * as ClientConfigModule from "../client-config.ts";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { toJson } from "../output/json.ts";
import { readSecret } from "../read-secret.ts";
import { given } from "../given.ts";
import { parseValue } from "../setting-value.ts";
import type * as KnownWorkersModule from "../known-workers.ts";

/** Settings of this device; every other key is the worker's. */
const CLIENT_KEYS = ["worker", "token"] as const;

export function registerConfig(program: Command, context: Context): void {
  const config = program
    .command("config")
    .description("Settings of the worker, and of this device ('worker', 'token').")
    .addHelpText(
      "after",
      `
Examples:
  ws config list
  ws config set worker my-desktop:7391
  ws config set allowedHosts '["box.lan"]'
  ws config set env.OPENAI_API_KEY             a variable for every workspace, typed unseen
  ws config set files.~/.gitconfig ~/.gitconfig
  ws --on desk config set tasks.perWorkspace 5  of the worker 'desk' behind this one`,
    );
  config
    .command("list")
    .description("Every setting with its value and where that comes from.")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  ws config list")
    .action(async (flags: { json?: true }) => {
      const { client } = await context.connect();
      const settings = await client.config.settings.list();
      const device = await ofDevice(context);
      if (flags.json === true) return context.printJson({ settings, device });
      const rows = settings.map(({ key, value, source }) => [key, JSON.stringify(value) ?? "-", source]);
      for (const key of CLIENT_KEYS) {
        if (device[key] !== undefined) rows.push([key, device[key], "this device"]);
      }
      context.printTable(["SETTING", "VALUE", "FROM"], rows);
    });
  config
    .command("get")
    .description("One setting.")
    .argument("<key>")
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExample:\n  ws config get port")
    .action(async (key: string, flags: { json?: true }) => {
      const value = await read(context, key);
      if (flags.json === true) context.printJson({ key, value: value ?? null });
      else context.print(typeof value === "string" ? value : toJson(value ?? null));
    });
  config
    .command("set")
    .description("Change a setting.")
    .argument("<key>")
    .argument(
      "[value]",
      "text, or JSON for lists, numbers and switches; of env.NAME and hub.token better not here, but typed or on standard input",
    )
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  ws config set git.name 'Ada Lovelace'\n  ws config set allowedHosts '[\"box.lan\"]'",
    )
    .action(async (key: string, said: string | undefined, flags: { json?: true }) => {
      const value = said ?? (await askedFor(context, key));
      const where = await write(context, key, value);
      if (said !== undefined && (await isSecret(context, key))) {
        context.hint("The value is in your shell's history now. Leave it out next time: you are asked for it.");
      }
      if (flags.json === true) context.printJson({ key, where });
      else context.hint(`${key} is set (${where}).`);
    });
  config
    .command("unset")
    .description("Take a setting back to its default.")
    .argument("<key>")
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExample:\n  ws config unset git.name")
    .action(async (key: string, flags: { json?: true }) => {
      const where = await write(context, key, undefined);
      if (flags.json === true) context.printJson({ key, where });
      else context.hint(`${key} is back to its default (${where}).`);
    });
}

async function read(context: Context, key: string): Promise<unknown> {
  if (isClientKey(key)) return (await ofDevice(context))[key];
  const { client } = await context.connect();
  const credential = credentialOf(key);
  if (credential !== undefined) {
    const value = (await client.config.credentials.get())[credential.kind][credential.name];
    if (value === undefined) throw unknownKey(key);
    return value;
  }
  const setting = (await client.config.settings.list()).find((candidate) => candidate.key === key);
  if (setting === undefined) throw unknownKey(key);
  return setting.value;
}

/** Returns where the setting is kept. Undefined as value removes it. */
async function write(context: Context, key: string, value: string | undefined): Promise<string> {
  if (isClientKey(key)) {
    const [{ readClientConfig, writeClientConfig }, { withCurrent, withToken }] = await clientConfig();
    const config = readClientConfig(context.io.env);
    writeClientConfig(context.io.env, key === "token" ? withToken(config, value) : withCurrent(config, value));
    return clientConfigPath(context.io.env);
  }
  const { client } = await context.connect();
  const credential = credentialOf(key);
  if (credential !== undefined) {
    return writeCredential(context, key, credential, value);
  }
  const known = (await client.config.settings.list()).some((setting) => setting.key === key);
  if (!known) throw unknownKey(key);
  const { settings } = client.config;
  const { restart, shadowedBy } = await (value === undefined
    ? settings.unset({ key })
    : settings.set({ key, value: parseValue(value) }));
  if (shadowedBy !== undefined) {
    context.hint(
      `The agent's variable ${shadowedBy} holds over it: start the agent without that for it to take effect.`,
    );
  } else if (restart) context.hint("It takes effect when the agent is started again.");
  return `the config.json of ${whose(context)}`;
}

function whose({ on }: Context): string {
  return on === undefined ? "the worker" : `the worker '${on}'`;
}

interface CredentialKey {
  kind: "env" | "files";
  name: string;
}

/** Everything after `env.` or `files.` is the name: a path has dots of its own. */
function credentialOf(key: string): CredentialKey | undefined {
  const match = /^(?:credentials\.)?(env|files)\.(.+)$/s.exec(key);
  if (match?.[2] === undefined) return undefined;
  return { kind: match[1] as "env" | "files", name: match[2] };
}

/** Resolves to where it went. */
async function writeCredential(
  context: Context,
  key: string,
  { kind }: CredentialKey,
  value: string | undefined,
): Promise<string> {
  const { client, target } = await context.connect();
  const { settings } = client.config;
  if (value === undefined) {
    await settings.unset({ key });
    return `taken from ${whose(context)}, and from workspaces where it was not changed`;
  }
  if (kind === "env") {
    await settings.set({ key, value });
    return `in secrets.json of ${whose(context)}; programs that begin from now on have it`;
  }
  // The agent knows its own home.
  const source = value.startsWith("~/") ? value : workerPath(context.io, target, value);
  await settings.set({ key, value: source });
  if (!existsSync(source.replace(/^~(?=\/)/, context.io.env["HOME"] ?? "~"))) {
    context.hint(`There is no ${source} on this machine; it is looked for on the worker.`);
  }
  return `in config.json of ${whose(context)}, as a path; workspaces get a copy of what lies there`;
}

/** Only what is secret is asked for. */
async function askedFor(context: Context, key: string): Promise<string> {
  const credential = credentialOf(key);
  if (credential?.kind === "env") return readSecret(context, `value of ${credential.name}`);
  if (await isSecret(context, key)) return readSecret(context, `value of ${key}`, `ws config set ${key} < FILE`);
  throw new CliError("usage", `'${key}' needs a value.`, {
    next: `Give it: ws config set ${key} VALUE. To take it back to its default: ws config unset ${key}.`,
    exit: EXIT.usage,
  });
}

async function isSecret(context: Context, key: string): Promise<boolean> {
  const credential = credentialOf(key);
  if (credential !== undefined || isClientKey(key)) return credential?.kind === "env";
  const { client } = await context.connect();
  return (await client.config.settings.list()).some((setting) => setting.key === key && setting.secret === true);
}

function isClientKey(key: string): key is (typeof CLIENT_KEYS)[number] {
  return (CLIENT_KEYS as readonly string[]).includes(key);
}

/** Loaded where they are used: every command's words are known from here, and few read that file. */
function clientConfig(): Promise<[typeof ClientConfigModule, typeof KnownWorkersModule]> {
  return Promise.all([import("../client-config.ts"), import("../known-workers.ts")]);
}

/** As `client.json` has them; of the token that goes with the worker the end only. */
async function ofDevice({ io }: Context): Promise<{ worker?: string; token?: string }> {
  const [{ readClientConfig }, { tokenOf }] = await clientConfig();
  const config = readClientConfig(io.env);
  const token = tokenOf(config);
  return given({ worker: config.worker, token: token === undefined ? undefined : `…${token.slice(-4)}` });
}

function unknownKey(key: string): CliError {
  return new CliError("unknown_setting", `There is no setting '${key}'.`, {
    next: "'ws config list' shows them all. Credentials are env.NAME and files.DESTINATION.",
    exit: EXIT.notFound,
  });
}
