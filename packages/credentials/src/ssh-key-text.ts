import { createPrivateKey } from "node:crypto";
import { sshStrings } from "./ssh-strings.ts";

/** A key's text with line ends, however it was passed on. */
export function plainKey(text: string): string {
  return text.replaceAll("\\n", "\n").replaceAll("\r", "").trim();
}

/** A private key that `readSshKey` takes, in a form that SSH's own programs read: they do not all know PKCS#8. */
export function openSshKey(text: string): string {
  const pem = plainKey(text);
  if (!pem.startsWith("-----BEGIN PRIVATE KEY-----")) return `${pem}\n`;
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType === "rsa") return key.export({ type: "pkcs1", format: "pem" });
  if (key.asymmetricKeyType === "ec") return key.export({ type: "sec1", format: "pem" });
  const { x = "", d = "" } = key.export({ format: "jwk" });
  return ed25519(Buffer.from(x, "base64url"), Buffer.from(d, "base64url"));
}

/** OpenSSH's own form, without a passphrase. */
function ed25519(open: Buffer, secret: Buffer): string {
  const kind = Buffer.from("ssh-ed25519");
  // Twice the same tells that a passphrase was right, and there is none. A key is always the same text, so that what knows it by that knows it again.
  const check = Buffer.alloc(4);
  const inner = Buffer.concat([check, check, sshStrings(kind, open, Buffer.concat([secret, open]), Buffer.alloc(0))]);
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, at) => at + 1));
  const none = Buffer.from("none");
  const count = Buffer.from([0, 0, 0, 1]);
  const bytes = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    sshStrings(none, none, Buffer.alloc(0)),
    count,
    sshStrings(sshStrings(kind, open), Buffer.concat([inner, padding])),
  ]);
  const lines = bytes.toString("base64").match(/.{1,70}/g) ?? [];
  const words = "OPENSSH PRIVATE KEY";
  return [`-----BEGIN ${words}-----`, ...lines, `-----END ${words}-----`, ""].join("\n");
}
