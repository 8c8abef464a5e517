import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  X509Certificate,
} from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { WsError, type Clock } from "@ws/workspace-core";
import { writeDurable } from "../config/durable-file.ts";

/** A certificate as the TLS server takes it, in PEM. */
export interface ServerCertificate {
  cert: string;
  key: string;
}

/** Longer than 825 days none is taken by Apple's devices, whoever trusts it. */
const DAYS = 820;
const RENEW_DAYS = 365;
const DAY_MS = 24 * 3_600_000;

/**
 * The worker's own certificate, in `directory`. Its key is made once and stays, so that what devices have pinned holds when the
 * certificate is renewed: because it ends within a year, or has not all of the names (host names and IP addresses).
 * Throws `config_invalid` where the key cannot be read, `disk_full`.
 */
export async function ownCertificate(
  directory: string,
  names: readonly string[],
  { now }: Pick<Clock, "now">,
): Promise<ServerCertificate> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const keyPath = join(directory, "worker.key");
  const certPath = join(directory, "worker.crt");
  const key = readKey(keyPath) ?? makeKey(keyPath);
  const pem = key.export({ type: "pkcs8", format: "pem" });
  const kept = readText(certPath);
  if (kept !== undefined && isGood(kept, key, names, now())) return { cert: kept, key: pem };
  const cert = await sign(key, names, now());
  writeDurable(certPath, cert);
  return { cert, key: pem };
}

function makeKey(path: string): KeyObject {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeDurable(path, privateKey.export({ type: "pkcs8", format: "pem" }));
  return privateKey;
}

/** One that is damaged is not replaced: every device has to be paired again then, and somebody has to know. */
function readKey(path: string): KeyObject | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw new WsError("config_invalid", {
      message: `The worker's TLS key ${path} is damaged.`,
      next: "Put it back from a backup; or remove it, and then pair every device again.",
      data: { file: path },
      cause,
    });
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new WsError("config_invalid", {
      message: `${path} cannot be read (${code}).`,
      next: "Give it back to the account that runs the agent.",
      data: { file: path },
      cause,
    });
  }
}

function isGood(pem: string, key: KeyObject, names: readonly string[], now: number): boolean {
  try {
    const certificate = new X509Certificate(pem);
    const has = (name: string): boolean =>
      (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
    const from = certificate.validFromDate.getTime();
    const to = certificate.validToDate.getTime();
    return certificate.checkPrivateKey(key) && from <= now && to - now > RENEW_DAYS * DAY_MS && names.every(has);
  } catch {
    return false;
  }
}

/** What makes certificates takes longer to load than the rest of the agent: it is only needed the first time. */
async function sign(key: KeyObject, names: readonly string[], now: number): Promise<string> {
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: `01${randomBytes(15).toString("hex")}`,
    name: "CN=workspace worker",
    // The clocks of devices differ.
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + (DAYS - 1) * DAY_MS),
    signingAlgorithm: algorithm,
    keys: {
      privateKey: key.toCryptoKey(algorithm, true, ["sign"]) as CryptoKey,
      publicKey: createPublicKey(key).toCryptoKey(algorithm, true, ["verify"]) as CryptoKey,
    },
    extensions: [
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ("dns" as const) : ("ip" as const), value })),
      ),
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    ],
  });
  return `${certificate.toString("pem")}\n`;
}
