import { createHash, createPrivateKey, createPublicKey, type webcrypto } from "node:crypto";
import { WsError } from "@ws/workspace-core";
import { plainKey } from "./ssh-key-text.ts";
import { sshStrings } from "./ssh-strings.ts";

/** What may be known of a private key by everybody. */
export interface SshKeyInfo {
  /** `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256` and the like. */
  algorithm: string;
  /** `SHA256:` and the digest, as ssh-keygen shows it. */
  fingerprint: string;
  /** One line for a forge's settings. */
  publicKey: string;
}

const MAGIC = "openssh-key-v1\0";
const CURVES: Readonly<Record<string, string>> = { "P-256": "nistp256", "P-384": "nistp384", "P-521": "nistp521" };
const KNOWN = /^(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp(?:256|384|521))$/;

/**
 * Reads a private key in OpenSSH's format or as PEM. Throws `credential_invalid`: a public key, one that is cut, damaged,
 * encrypted or of a kind that forges do not take.
 */
export function readSshKey(text: string): SshKeyInfo {
  const pem = plainKey(text);
  if (/^(?:ssh-|ecdsa-)\S+ /.test(pem)) throw invalid("is the public key; the private one is the file without .pub");
  const kind = /^-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----/.exec(pem)?.[1];
  if (kind === undefined) throw invalid("does not begin with '-----BEGIN … PRIVATE KEY-----'");
  if (!pem.includes("\n")) throw invalid("holds its first line only");
  if (!pem.endsWith(`-----END ${kind}-----`)) throw invalid("is cut: its last line is missing");
  const blob = kind === "OPENSSH PRIVATE KEY" ? readOpenSsh(pem) : readPem(pem, kind);
  const algorithm = createReader(blob).text();
  if (!KNOWN.test(algorithm))
    throw invalid(`is of the kind '${algorithm.replace(/[^\w@.-]/g, "?").slice(0, 60)}', which is not used here`);
  const digest = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  return { algorithm, fingerprint: `SHA256:${digest}`, publicKey: `${algorithm} ${blob.toString("base64")}` };
}

function readOpenSsh(pem: string): Buffer {
  const bytes = Buffer.from(pem.split("\n").slice(1, -1).join(""), "base64");
  if (bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) throw invalid("is damaged: it is no OpenSSH key inside");
  const reader = createReader(bytes.subarray(MAGIC.length));
  const cipher = reader.text();
  reader.bytes();
  reader.bytes();
  if (cipher !== "none") throw encrypted();
  if (reader.number() !== 1) throw invalid("holds more than one key");
  const blob = reader.bytes();
  const inner = createReader(reader.bytes());
  const [check, again] = [inner.number(), inner.number()];
  const algorithm = inner.text();
  if (check !== again || algorithm !== createReader(blob).text())
    throw invalid("is damaged: its two halves do not match");
  return Buffer.from(blob);
}

function readPem(pem: string, kind: string): Buffer {
  if (kind.startsWith("ENCRYPTED") || pem.includes("\nProc-Type:")) throw encrypted();
  let jwk: webcrypto.JsonWebKey;
  try {
    jwk = createPublicKey(createPrivateKey(pem)).export({ format: "jwk" });
  } catch {
    throw invalid("is damaged: it cannot be read as a PEM file");
  }
  const part = (value: string | undefined): Buffer => Buffer.from(value ?? "", "base64url");
  if (jwk.kty === "RSA") return sshStrings(Buffer.from("ssh-rsa"), positive(part(jwk.e)), positive(part(jwk.n)));
  if (jwk.kty === "OKP" && jwk.crv === "Ed25519") return sshStrings(Buffer.from("ssh-ed25519"), part(jwk.x));
  const curve = jwk.kty === "EC" ? CURVES[jwk.crv ?? ""] : undefined;
  if (curve === undefined) throw invalid("is of a kind that SSH does not use");
  const point = Buffer.concat([Buffer.of(4), part(jwk.x), part(jwk.y)]);
  return sshStrings(Buffer.from(`ecdsa-sha2-${curve}`), Buffer.from(curve), point);
}

/** A number whose first bit is set would read as a negative one. */
function positive(bytes: Buffer): Buffer {
  return ((bytes[0] ?? 0) & 0x80) === 0 ? bytes : Buffer.concat([Buffer.of(0), bytes]);
}

/** Reads what SSH calls strings and numbers. Throws `credential_invalid` beyond the end. */
function createReader(buffer: Uint8Array) {
  const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  let at = 0;
  function take(count: number): Buffer {
    if (at + count > bytes.length) throw invalid("is damaged: it ends too early");
    at += count;
    return bytes.subarray(at - count, at);
  }
  const number = (): number => take(4).readUInt32BE();
  const next = (): Buffer => take(number());
  return { number, bytes: next, text: () => next().toString("latin1") };
}

function encrypted(): WsError {
  return invalid(
    "is encrypted with a passphrase",
    "Make a key for this worker alone: ssh-keygen -t ed25519 -N '' -f FILE",
  );
}

function invalid(what: string, next = "Give the whole private key file, as ssh-keygen wrote it."): WsError {
  return new WsError("credential_invalid", { message: `The SSH key ${what}.`, next, data: { credential: "ssh_key" } });
}
