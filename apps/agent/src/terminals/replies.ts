/** What a viewer's own terminal says by itself when a program asks it something. */
export interface ReplyRules {
  /** Whether the cursor's place was asked for lately; a modified F3 looks like the answer. */
  askedForCursor: boolean;
  /** One viewer may answer what only a real terminal knows, such as its colours. */
  mayAnswer: boolean;
}

/**
 * Takes the viewer's answers out of what it types: the terminal's holder has answered already, and each viewer would
 * answer again. A paste is left alone.
 */
export function withoutReplies(bytes: Uint8Array, { askedForCursor, mayAnswer }: ReplyRules): Uint8Array {
  if (bytes.length > LONGEST || !bytes.includes(0x1b)) return bytes;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  if (text.includes("\u001b[200~")) return bytes;
  let rest = text.replace(ANSWERED, "");
  if (!mayAnswer) rest = rest.replace(OWN, "");
  rest = rest.replace(CURSOR, (match) => (askedForCursor || !F3.test(match) ? "" : match));
  return rest.length === text.length ? bytes : Buffer.from(rest, "latin1");
}

const LONGEST = 4_096;
/* oxlint-disable no-control-regex -- control characters are what this is about */
/** Who it is, that it is well, its size, its version, its settings. */
const ANSWERED =
  /\x1b\[[?>=][\d;]*c|\x1b\[0n|\x1b\[\?[\d;]+n|\x1b\[[468];\d+;\d+t|\x1bP(?:!\||>\||[01]\$r)[^\x1b]*\x1b\\/g;
/** Its colours, its modes, its keyboard. */
const OWN = /\x1b\](?:4;\d+|1[0-9]);[^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[\??[\d;]+\$y|\x1b\[\?\d+u/g;
const CURSOR = /\x1b\[\??\d+;\d+(?:;\d+)?R/g;
const F3 = /^\x1b\[1;[2-8]R$/;
