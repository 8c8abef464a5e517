import type { CredentialInput } from "@ws/rpc-contract";
import { excerpt, isWsError, WsError, type Clock } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import { ENV_NAME } from "../config/config-file.ts";
import { FORGE_TOKENS } from "../config/credentials.ts";
import type { KeptCredential } from "../config/secrets.ts";
import type { ForgeCredentials } from "../runtimes/forge-credentials.ts";
import { githubHost } from "../runtimes/githubs.ts";
import { withoutAbsent } from "../without-absent.ts";

/** What the forge said of it. */
export interface Checked {
  checked: boolean;
  login?: string;
}

export interface SetPorts {
  config: Config;
  forges: ForgeCredentials;
  clock: Pick<Clock, "now">;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::[0-9]{1,5})?$/;

/**
 * Keeps a credential, once its forge has taken it; a forge that cannot be asked is no reason against it. Throws `invalid_input`,
 * `credential_invalid`, `credential_rejected`.
 */
export async function setCredential(input: CredentialInput, ports: SetPorts, signal?: AbortSignal): Promise<Checked> {
  switch (input.type) {
    case "env":
      return setVariable(input, ports, signal);
    case "file":
      if (input.copyLogin === true) ports.config.credentials.copyLogin(input.name, required(input));
      else ports.config.credentials.set(`files.${input.name}`, required(input));
      return { checked: false };
    case "pat":
      return setToken(input, ports, signal);
    case "ssh_key":
      return setSshKey(input, ports);
    case "github_app":
      return setApp(input, ports, signal);
  }
}

async function setVariable(input: CredentialInput, ports: SetPorts, signal?: AbortSignal): Promise<Checked> {
  const { name, expose } = input;
  const { credentials } = ports.config;
  if (!ENV_NAME.test(name)) throw unfit("name", `'${excerpt(name)}' cannot be the name of a variable.`);
  if (expose !== undefined && !FORGE_TOKENS.includes(name)) {
    throw unfit("expose", `'${name}' is a variable in workspaces anyway.`);
  }
  let checked: Checked = { checked: false };
  // What is kept already may be exposed, or not any more, without being given again.
  if (input.value !== undefined || credentials.get().env[name] === undefined) {
    const value = required(input);
    if (FORGE_TOKENS.includes(name)) checked = await check("github.com", value, ports, signal);
    credentials.set(`env.${name}`, value);
  }
  if (expose !== undefined) credentials.expose(name, expose);
  return checked;
}

async function setToken(input: CredentialInput, ports: SetPorts, signal?: AbortSignal): Promise<Checked> {
  const { name } = input;
  const host = hostOf(input, ports);
  const secret = required(input).trim();
  if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(secret)) {
    const next =
      "Give a key of ssh with --type ssh-key and --host HOST, and that of a GitHub App under the name github-app.";
    throw unfit("value", "This is a private key, not a token.", next);
  }
  if (!/^[\x21-\x7e]+$/.test(secret)) throw unfit("value", "A token is one word of printable characters.");
  const { expiresAt, ...checked } = await check(host, secret, ports, signal);
  const before = ports.config.secrets.forges().find((kept) => kept.name === name && kept.type === "pat");
  // A new token of the same forge goes with the name that the old one went with.
  const username = input.username ?? (host === before?.host ? before.username : undefined);
  keep({ name, type: "pat", host, secret, ...withoutAbsent({ username, expiresAt }) }, ports);
  return checked;
}

function setSshKey(input: CredentialInput, ports: SetPorts): Checked {
  const { name } = input;
  const before = ports.config.secrets.forges().find((kept) => kept.name === name && kept.type === "ssh_key");
  // What is kept already may be told whom to trust without being given again.
  const isTold = input.value === undefined && input.hostKeys !== undefined && before !== undefined;
  const secret = isTold ? before.secret : required(input);
  const { fingerprint } = ports.forges.readSshKey(secret);
  const host = isTold && input.host === undefined ? before.host : hostOf(input, ports);
  const hostKeys =
    input.hostKeys?.map((key) => ports.forges.readHostKey(key)) ??
    (host === before?.host ? before.hostKeys : undefined);
  keep({ name, type: "ssh_key", host, secret, fingerprint, ...(hostKeys === undefined ? {} : { hostKeys }) }, ports);
  return { checked: false };
}

async function setApp(input: CredentialInput, { config, forges }: SetPorts, signal?: AbortSignal): Promise<Checked> {
  const appId = input.appId ?? String(config.get("github.appId"));
  if (appId === "") throw unfit("appId", "A GitHub App needs its id.");
  const key = required(input);
  const asked = await unlessAway(() => forges.checkApp(key, appId, signal));
  config.set("github.privateKey", key);
  config.set("github.appId", appId);
  return asked === undefined ? { checked: false } : { checked: true, login: asked.name };
}

async function check(
  host: string,
  token: string,
  { forges }: SetPorts,
  signal?: AbortSignal,
): Promise<Checked & { expiresAt?: number }> {
  if (!forges.isGitHub(host)) return { checked: false };
  const status = await unlessAway(() => forges.checkToken(host, token, signal));
  if (status === undefined) return { checked: false };
  const { login, expiresAt } = status;
  return {
    checked: true,
    ...(login === undefined ? {} : { login }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

async function unlessAway<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (
      isWsError(error, "forge_unreachable") ||
      isWsError(error, "forge_refused") ||
      isWsError(error, "forge_rate_limited")
    ) {
      return undefined;
    }
    throw error;
  }
}

function keep(credential: Omit<KeptCredential, "createdAt">, { config, clock }: SetPorts): void {
  const { name } = credential;
  if (!NAME.test(name)) throw unfit("name", `'${excerpt(name)}' cannot be the name of a credential.`);
  const { env, files } = config.credentials.get();
  if (name === "github-app" || Object.hasOwn(env, name) || Object.hasOwn(files, name) || FORGE_TOKENS.includes(name)) {
    throw unfit("name", `'${name}' is the name of another credential.`);
  }
  const others = config.secrets.forges().filter((other) => other.name !== name);
  config.secrets.replaceForges([...others, { ...credential, createdAt: clock.now() }]);
}

function hostOf(input: CredentialInput, { config }: SetPorts): string {
  const { host = githubHost(config) } = input;
  const name = host
    .toLowerCase()
    .replace(/^https:\/\//, "")
    .replace(/\/+$/, "")
    .replace(/:443$/, "");
  if (HOST.test(name)) return name;
  throw unfit("host", `'${excerpt(host)}' is not the name of a host.`);
}

function required({ value, type }: CredentialInput): string {
  if (value !== undefined && value.trim() !== "") return value;
  throw unfit("value", `A credential of the type ${type} needs its value.`);
}

function unfit(field: string, message: string, next = "See the forms: ws credential set --help."): WsError {
  return new WsError("invalid_input", { message, next, data: { field } });
}
