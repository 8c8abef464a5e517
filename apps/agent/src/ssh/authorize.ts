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

/** Somebody whose key is known. */
export interface Known {
  /** As it is kept. */
  key: string;
}

/** A client offers what keys it has; more are guesses. */
const TRIES = 12;

/** Lets in whoever has a key that is known, under any user name; nothing else is a way in. */
export function createAuthorization<K extends Known>({
  known,
  mayOfferMore = () => true,
  letIn,
  leave,
}: {
  known: (offered: Buffer) => K | undefined;
  /** Asked at a key that is nobody's. */
  mayOfferMore?: (() => boolean) | undefined;
  letIn: (who: K) => void;
  leave: () => void;
}): (asked: ssh2.AuthContext) => void {
  let tries = 0;
  return (asked) => {
    const who = asked.method === "publickey" ? known(asked.key.data) : undefined;
    if (who !== undefined && asked.method === "publickey") {
      // Asked twice: whether the key would do, then with a signature.
      if (asked.signature === undefined || asked.blob === undefined) return asked.accept();
      const key = ssh2.utils.parseKey(who.key);
      // What it cannot judge it answers with an error, which the types leave out.
      const verdict: unknown = key instanceof Error ? key : key.verify(asked.blob, asked.signature, asked.hashAlgo);
      if (verdict === true) {
        letIn(who);
        return asked.accept();
      }
    }
    tries += 1;
    if (tries > TRIES || (asked.method === "publickey" && !mayOfferMore())) return leave();
    asked.reject(["publickey"]);
  };
}
