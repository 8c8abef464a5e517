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

/** AES-256 in GCM. The key, 32 bytes, is asked for when it is needed: to open something by `known`, because what is there was closed with no key that is yet to be made. */
export function createSeal(key: () => Uint8Array, known: () => Uint8Array | undefined = key): Seal {
  return {
    close(text, about) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv("aes-256-gcm", key(), nonce).setAAD(Buffer.from(about));
      const closed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), closed]).toString("base64");
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed, "base64");
      const opening = known();
      if (opening === undefined) return undefined;
      try {
        const decipher = createDecipheriv("aes-256-gcm", opening, bytes.subarray(0, NONCE), { authTagLength: TAG });
        decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
        return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString("utf8");
      } catch {
        return undefined;
      }
    },
  };
}

/** The key that lies in the secret store, and is made there when something is first closed. */
export function keptKey(secrets: {
  setting(key: string): string | undefined;
  setSetting(key: string, secret: string): void;
}): Parameters<typeof createSeal> {
  const known = (): Uint8Array | undefined => {
    const text = secrets.setting(NAME);
    return text === undefined ? undefined : Buffer.from(text, "base64");
  };
  const make = (): Uint8Array => {
    const made = randomBytes(32);
    secrets.setSetting(NAME, made.toString("base64"));
    return made;
  };
  return [() => known() ?? make(), known];
}

const NAME = "tasks.key";
