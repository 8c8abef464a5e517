import { createPrivateKey, type KeyObject } from "node:crypto";
import { WsError } from "@ws/workspace-core";

const FIRST_LINE = /^-----BEGIN ([A-Z0-9 ]+)-----/;

/**
 * The private key of a GitHub App, PKCS#1 as GitHub gives it or PKCS#8; line ends may be written as `\n`. Throws
 * `credential_invalid`, with what is wrong with it.
 */
export function readAppKey(text: string): KeyObject {
  const pem = text
    .trim()
    .replace(/^(["'])([\s\S]*)\1$/, "$2")
    .replaceAll("\\r", "")
    .replaceAll("\\n", "\n")
    .replaceAll("\r", "")
    .trim();
  const kind = FIRST_LINE.exec(pem)?.[1];
  if (pem === "") throw invalid("is empty");
  if (kind === undefined) throw invalid("does not begin with '-----BEGIN … PRIVATE KEY-----'");
  if (!kind.endsWith("PRIVATE KEY")) throw invalid(`is a ${kind.toLowerCase()}, not a private key`);
  if (kind === "OPENSSH PRIVATE KEY") throw invalid("is an SSH key, not the key of an app");
  if (!pem.includes("\n")) {
    throw invalid(
      "holds its first line only",
      "Give the whole file; where a variable holds it, write its line ends as \\n, or name the file: WS_GITHUB_PRIVATE_KEY_PATH.",
    );
  }
  if (!pem.endsWith(`-----END ${kind}-----`)) throw invalid("is cut: its last line is missing");
  if (kind.startsWith("ENCRYPTED") || pem.includes("\nProc-Type:")) {
    throw invalid("is encrypted with a passphrase", "Decrypt it first: openssl rsa -in KEY.pem -out PLAIN.pem");
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw invalid("is damaged: it cannot be read as a PEM file");
  }
  if (key.asymmetricKeyType !== "rsa") throw invalid(`is an ${key.asymmetricKeyType} key, where GitHub needs RSA`);
  return key;
}

function invalid(
  what: string,
  next = "Download a new one from the app's settings on GitHub, under 'Private keys', and give the whole file.",
): WsError {
  return new WsError("credential_invalid", {
    message: `The private key of the GitHub App ${what}.`,
    next,
    data: { credential: "github-app" },
  });
}
