import { WsError } from "@ws/workspace-core";
import ssh2 from "ssh2";

/** A public key as it is kept: its kind and itself, without a comment. Throws `invalid_input`. */
export function parsePublicKey(line: string): string {
  const key = ssh2.utils.parseKey(line);
  if (key instanceof Error || key.isPrivateKey()) {
    throw new WsError("invalid_input", {
      message: "This is not the line of a public key that OpenSSH writes: ed25519, ECDSA or RSA.",
      next: "Give the content of a file such as ~/.ssh/id_ed25519.pub, or let 'ws ssh-config' make one.",
      data: { field: "key" },
      cause: key,
    });
  }
  return `${key.type} ${key.getPublicSSH().toString("base64")}`;
}

/** A client offers what keys it has; more are guesses. */
const TRIES = 12;

/** Lets in whoever has exactly this key, under any user name; nothing else is a way in. */
export function createAuthorization(line: string, leave: () => void): (asked: ssh2.AuthContext) => void {
  const key = ssh2.utils.parseKey(line);
  if (key instanceof Error) throw key;
  let tries = 0;
  return (asked) => {
    if (asked.method === "publickey" && asked.key.data.equals(key.getPublicSSH())) {
      // Asked twice: whether the key would do, then with a signature.
      if (asked.signature === undefined || asked.blob === undefined) return asked.accept();
      // What it cannot judge it answers with an error, which the types leave out.
      const verdict: unknown = key.verify(asked.blob, asked.signature, asked.hashAlgo);
      if (verdict === true) return asked.accept();
    }
    tries += 1;
    if (tries > TRIES) return leave();
    asked.reject(["publickey"]);
  };
}
