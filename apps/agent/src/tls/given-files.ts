import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { WsError } from "@ws/workspace-core";
import type { ServerCertificate } from "./own-certificate.ts";

type From = "tls.cert" | "tls.key" | "tls.clientCa";

/** A certificate with those that lead to its authority, and its key, as somebody keeps them. Throws `config_invalid`. */
export function givenCertificate(certPath: string, keyPath: string): ServerCertificate {
  const cert = readPem(certPath, "tls.cert");
  const key = readPem(keyPath, "tls.key");
  const certificate = certificateOf(cert, certPath, "tls.cert");
  if (certificate.checkPrivateKey(keyOf(key, keyPath))) return { cert, key };
  throw new WsError("config_invalid", {
    message: `The key ${keyPath} is not the one of the certificate ${certPath}.`,
    next: "Name the two that belong together: tls.cert and tls.key.",
    data: { file: keyPath },
  });
}

/** The authorities whose certificates clients have to show, in PEM. Throws `config_invalid`. */
export function clientAuthorities(path: string): string {
  const pem = readPem(path, "tls.clientCa");
  certificateOf(pem, path, "tls.clientCa");
  return pem;
}

function readPem(path: string, from: From): string {
  if (path === "") {
    throw new WsError("config_invalid", {
      message: `${from} names no file.`,
      next: "Certificates of your own are a pair: give tls.cert and tls.key. Or let the worker make its own: tls.mode self.",
      data: { file: from },
    });
  }
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new WsError("config_invalid", {
      message: `${path} of ${from} cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      next: "Name a PEM file that the account of the agent can read.",
      data: { file: path },
      cause,
    });
  }
}

function certificateOf(pem: string, path: string, from: From): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw unfit(path, from, "a certificate", cause);
  }
}

function keyOf(pem: string, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw unfit(path, "tls.key", "a key without a passphrase", cause);
  }
}

function unfit(path: string, from: From, what: string, cause: unknown): WsError {
  return new WsError("config_invalid", {
    message: `${path} of ${from} does not begin with ${what} in PEM.`,
    next: "Name a PEM file ('-----BEGIN …').",
    data: { file: path },
    cause,
  });
}
