import { excerpt, WsError } from "@ws/workspace-core";

const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}$/;
const KIND = /^(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp(?:256|384|521))$/;

/**
 * Reads the key of a forge's host as a person gives it: its fingerprint, the key itself, or a line of `known_hosts`. Gives it
 * without the host, which the credential says already. Throws `credential_invalid`.
 */
export function readHostKey(text: string): string {
  const words = text.trim().split(/\s+/);
  const [first = ""] = words;
  const fingerprint = first.replace(/=+$/, "");
  if (words.length === 1 && FINGERPRINT.test(fingerprint)) return fingerprint;
  const at = words.slice(0, 2).findIndex((word) => KIND.test(word));
  const [kind = "", key = ""] = at === -1 || first.startsWith("@") ? [] : words.slice(at);
  const bytes = Buffer.from(key, "base64");
  if (kind !== "" && bytes.length > 4 && bytes.toString("latin1", 4, 4 + bytes.readUInt32BE(0)) === kind) {
    return `${kind} ${bytes.toString("base64")}`;
  }
  throw new WsError("credential_invalid", {
    message: `'${excerpt(text)}' is not the key of a host.`,
    next: "Give its fingerprint as the forge publishes it, SHA256:…, or a line of known_hosts.",
    data: { credential: "ssh_key" },
  });
}
