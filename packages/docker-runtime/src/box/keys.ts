import ssh2 from "ssh2";

export interface KeyPair {
  /** In OpenSSH's own format. */
  private: string;
  /** One line, as in authorized_keys. */
  public: string;
}

/** A fresh ed25519 pair; it lives in memory, and in the workspace only as long as its connection. */
export function generateKeyPair(): KeyPair {
  return ssh2.utils.generateKeyPairSync("ed25519");
}

/** What a server has to present to be the holder of this pair. */
export function publicBlob(pair: KeyPair): Buffer {
  return Buffer.from(pair.public.split(" ")[1] ?? "", "base64");
}
