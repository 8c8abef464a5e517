import { MalformedPush, type PktReader } from "../protocol/pkt-line.ts";

/** One change that a push asks for. */
export interface PushCommand {
  /** The whole name, as in `refs/heads/main`. */
  ref: string;
  /** What it replaces, in hexadecimal; undefined where the ref is new. */
  from?: string;
  /** Undefined where the ref is to be deleted. */
  to?: string;
}

export interface PushHead {
  commands: readonly PushCommand[];
  capabilities: ReadonlySet<string>;
  objectFormat: "sha1" | "sha256";
}

const MAX_COMMANDS = 64;
const MAX_REF_LENGTH = 1_000;
const HEX_DIGITS = { sha1: 40, sha256: 64 };

/**
 * Reads what a push wants changed, which stands before its pack. A list without a command is git's own probe. Throws
 * `MalformedPush` for all that is not exactly this, and for what the worker does not lead: signed pushes and push options.
 */
export async function readPushHead(reader: PktReader): Promise<PushHead> {
  const commands: PushCommand[] = [];
  let capabilities: ReadonlySet<string> = new Set();
  let objectFormat: PushHead["objectFormat"] = "sha1";
  for (let line = await reader.line(); line !== undefined; line = await reader.line()) {
    const nul = line.indexOf(0);
    const text = decode(nul === -1 ? line : line.subarray(0, nul)).replace(/\n$/, "");
    if (text === "push-cert") throw new MalformedPush("signed pushes are not led through the worker");
    if (commands.length === 0 && nul === -1 && /^shallow [0-9a-f]{40,64}$/.test(text)) continue;
    if ((nul === -1) !== commands.length > 0) throw new MalformedPush("its capabilities are not with its first change");
    if (nul !== -1) {
      capabilities = new Set(
        decode(line.subarray(nul + 1))
          .trim()
          .split(" "),
      );
      objectFormat = formatOf(capabilities);
    }
    if (commands.length === MAX_COMMANDS) throw new MalformedPush(`it changes more than ${MAX_COMMANDS} refs at once`);
    commands.push(parseCommand(text, HEX_DIGITS[objectFormat]));
  }
  if (capabilities.has("push-options")) throw new MalformedPush("push options are not led through the worker");
  if (new Set(commands.map(({ ref }) => ref)).size < commands.length) throw new MalformedPush("it names a ref twice");
  return { commands, capabilities, objectFormat };
}

function parseCommand(text: string, digits: number): PushCommand {
  const [, from = "", to = "", ref = ""] = /^([0-9a-f]+) ([0-9a-f]+) ([^\p{C} ]+)$/u.exec(text) ?? [];
  if (from.length !== digits || to.length !== digits) throw new MalformedPush("a change is not 'OLD NEW REF'");
  if (ref.length > MAX_REF_LENGTH) throw new MalformedPush("the name of a ref is longer than any forge takes");
  const isNone = (id: string): boolean => /^0+$/.test(id);
  return { ref, ...(isNone(from) ? {} : { from }), ...(isNone(to) ? {} : { to }) };
}

function formatOf(capabilities: ReadonlySet<string>): PushHead["objectFormat"] {
  const [format = "sha1", ...more] = [...capabilities].flatMap((capability) =>
    capability.startsWith("object-format=") ? [capability.slice("object-format=".length)] : [],
  );
  if (more.length > 0 || (format !== "sha1" && format !== "sha256")) throw new MalformedPush("its hash is unknown");
  return format;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new MalformedPush("a name in it is not UTF-8");
  }
}
