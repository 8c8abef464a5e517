import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { WsError } from "@ws/workspace-core";
import { z } from "zod";
import { writeDurable } from "../config/durable-file.ts";

/** What is secret of a worker: what it was given, and the keys that devices know it by. Beside those lie files of a person's own, such as this device's SSH key. */
export const SECRET_FILES = ["secrets.json", "tls/worker.key", "tls/worker.crt", "ssh/host_key"] as const;

/** What a passphrase closes a worker's secrets with. */
export interface Passphrase {
  text: string;
  /** Base-2 logarithm of what trying one passphrase costs; age's own, about a second, where absent. */
  workFactor?: number;
}

/** Who has the file tries as many as they like; shorter ones are found. */
const SHORTEST = 12;

const shape = z.strictObject({ format: z.literal(1), files: z.partialRecord(z.enum(SECRET_FILES), z.base64()) });

/** Throws `invalid_input` for one that would be found by trying. */
export function requireStrong({ text }: Passphrase): void {
  if (text.length >= SHORTEST) return;
  throw new WsError("invalid_input", {
    message: `The passphrase is shorter than ${SHORTEST} characters: whoever has the file could find it by trying.`,
    next: "Take a longer one, such as five words.",
    data: { field: "passphrase" },
  });
}

/** The secrets of the worker in this directory, in the format of age: `age -d` opens them, too. */
export async function closeSecrets(configDir: string, { text, workFactor }: Passphrase): Promise<Uint8Array> {
  const found = SECRET_FILES.filter((name) => existsSync(join(configDir, name)));
  const files = Object.fromEntries(found.map((name) => [name, readFileSync(join(configDir, name), "base64")]));
  // It takes as long to load as the rest of a command, and few backups need it.
  const { Encrypter } = await import("age-encryption");
  const encrypter = new Encrypter();
  encrypter.setPassphrase(text);
  if (workFactor !== undefined) encrypter.setScryptWorkFactor(workFactor);
  return encrypter.encrypt(JSON.stringify({ format: 1, files }));
}

/** Writes into a directory what `closeSecrets` read. Throws `passphrase_wrong`, and what `JSON` and the shape say of one that somebody else made. */
export async function openSecrets(closed: Uint8Array, { text }: Passphrase, into: string): Promise<void> {
  const { Decrypter } = await import("age-encryption");
  const decrypter = new Decrypter();
  decrypter.addPassphrase(text);
  const opened = await decrypter.decrypt(closed, "text").catch((cause: unknown) => Promise.reject(wrong(cause)));
  const { files } = shape.parse(JSON.parse(opened));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(into, name)), { recursive: true, mode: 0o700 });
    writeDurable(join(into, name), Buffer.from(content, "base64").toString());
  }
}

function wrong(cause: unknown): WsError {
  return new WsError("passphrase_wrong", {
    message: "The backup's secrets do not open with this passphrase.",
    next: "Try another one; or restore without them: leave --secrets out. Nothing was changed.",
    data: {},
    cause,
  });
}
