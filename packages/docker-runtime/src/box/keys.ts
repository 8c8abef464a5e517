import ssh2 from "ssh2";

export interface KeyPair {
  /** In OpenSSH's own format. */
  private: string;
  /** One line, as in authorized_keys. */
  public: string;
}

/** A fresh ed25519 pair; it lives in memory, and in the workspace only as long as its connection. */
export function generateKeyPair(): KeyPair {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519");
    // The library drops a public key's leading zero byte: one pair in 256 is one that no sshd accepts.
    if (publicBlob(pair).length === ED25519_BLOB) return pair;
  }
}

/** What a server has to present to be the holder of this pair. */
export function publicBlob(pair: KeyPair): Buffer {
  return Buffer.from(pair.public.split(" ")[1] ?? "", "base64");
}

// Two lengths, the algorithm's name and the key.
const ED25519_BLOB = 4 + "ssh-ed25519".length + 4 + 32;
