import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** Makes texts unreadable for whoever has the state's database, or a copy of it, and not the secret store. */
export interface Seal {
  /** `about` says whose it is: it cannot be opened as anything else's. */
  close(text: string, about: string): string;
  /** Undefined for what was closed with another key, or changed. */
  open(sealed: string, about: string): string | undefined;
}

const NONCE = 12;
const TAG = 16;

/** AES-256 in GCM. The key, 32 bytes, is asked for when it is first needed. */
export function createSeal(key: () => Uint8Array): Seal {
  return {
    close(text, about) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv("aes-256-gcm", key(), nonce).setAAD(Buffer.from(about));
      const closed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), closed]).toString("base64");
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed, "base64");
      try {
        const decipher = createDecipheriv("aes-256-gcm", key(), bytes.subarray(0, NONCE), { authTagLength: TAG });
        decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
        return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString("utf8");
      } catch {
        return undefined;
      }
    },
  };
}

/** The key that lies in the secret store, and is made there when it is first needed. */
export function keptKey(secrets: {
  setting(key: string): string | undefined;
  setSetting(key: string, secret: string): void;
}): () => Uint8Array {
  return () => {
    const known = secrets.setting(NAME);
    if (known !== undefined) return Buffer.from(known, "base64");
    const made = randomBytes(32);
    secrets.setSetting(NAME, made.toString("base64"));
    return made;
  };
}

const NAME = "tasks.key";
