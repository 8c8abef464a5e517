import { type Box, isWsError } from "@ws/workspace-core";

/** The files of `gh` that say whom it asks and with what. */
const directoryOf = (box: Box): string => `${box.home}/.config/gh`;
const SOCKET = "ws.sock";
const OURS = "ws-gh-";
/** What every kernel takes for a socket's path. */
const LONGEST = 103;

export interface GhSettings {
  /** Without a port, as gh names hosts. */
  host: string;
  capability: string;
}

export const newCapability = (random: string): string => OURS + random;

/** Where the socket is to lie; undefined where `gh` has a login of its own, which stays as it is, or the path is too long. */
export async function socketFor(box: Box, signal: AbortSignal | undefined): Promise<string | undefined> {
  const path = `${directoryOf(box)}/${SOCKET}`;
  if (Buffer.byteLength(path) > LONGEST) return undefined;
  const hosts = await readSmall(box, `${directoryOf(box)}/hosts.yml`, signal);
  const config = await readSmall(box, `${directoryOf(box)}/config.yml`, signal);
  const isSignedIn = hosts.split("\n").some((line) => /^\s*(?:oauth_token|users?):/.test(line) && !line.includes(OURS));
  const hasSocket = /^http_unix_socket:/m.test(withoutOurs(config));
  if (!isSignedIn && !hasSocket) return path;
  await removeGhSettings(box, signal);
  return undefined;
}

/** Leads `gh` to the socket. */
export async function writeGhSettings(
  box: Box,
  { host, capability }: GhSettings,
  signal: AbortSignal | undefined,
): Promise<void> {
  const directory = directoryOf(box);
  const options = { mode: 0o600, ...(signal === undefined ? {} : { signal }) };
  const config = withoutOurs(await readSmall(box, `${directory}/config.yml`, signal));
  const line = `http_unix_socket: ${directory}/${SOCKET}\n`;
  await box.files.write(`${directory}/hosts.yml`, encoded(`${host}:\n    oauth_token: ${capability}\n`), options);
  await box.files.write(`${directory}/config.yml`, encoded(config + line), options);
}

/** Takes back what was written, and nothing else. */
export async function removeGhSettings(box: Box, signal?: AbortSignal): Promise<void> {
  const directory = directoryOf(box);
  const hosts = await readSmall(box, `${directory}/hosts.yml`, signal);
  if (isOurs(hosts)) await box.files.remove(`${directory}/hosts.yml`, signal);
  // The agent's end may have left it, with nobody who listens there.
  await box.files.remove(`${directory}/${SOCKET}`, signal);
  const config = await readSmall(box, `${directory}/config.yml`, signal);
  const rest = withoutOurs(config);
  if (rest === config) return;
  const options = { mode: 0o600, ...(signal === undefined ? {} : { signal }) };
  if (rest === "") await box.files.remove(`${directory}/config.yml`, signal);
  else await box.files.write(`${directory}/config.yml`, encoded(rest), options);
}

export async function makeGhDirectory(box: Box, signal: AbortSignal | undefined): Promise<void> {
  await box.files.mkdir(directoryOf(box), signal);
}

function isOurs(hosts: string): boolean {
  return /^[^\n]+:\n {4}oauth_token: ws-gh-[0-9a-f]+\n$/.test(hosts);
}

function withoutOurs(config: string): string {
  const lines = config
    .split("\n")
    .filter((line) => !(line.startsWith("http_unix_socket:") && line.includes(`/${SOCKET}`)));
  const text = lines.join("\n");
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

/** The beginning of a file, which what runs in the workspace may have made to be anything. */
async function readSmall(box: Box, path: string, signal: AbortSignal | undefined): Promise<string> {
  let text = "";
  try {
    for await (const chunk of box.files.read(path, { length: 65_536, ...(signal === undefined ? {} : { signal }) })) {
      text += Buffer.from(chunk).toString("utf8");
    }
  } catch (error) {
    if (!isWsError(error, "file_not_found")) throw error;
  }
  return text;
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
