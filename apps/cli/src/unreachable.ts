import { CliError, EXIT } from "./errors.ts";
import type { Target } from "./target.ts";

/** The failure of a connection that was never made, in words that lead on. */
export function unreachable(target: Target, cause: unknown): CliError {
  const code = (cause as { code?: string }).code;
  if (target.kind === "socket") {
    if (code === "EACCES") {
      return new CliError("permission_denied", `The agent's socket ${target.path} belongs to another user.`, {
        next: "Use the account that runs the agent, or a token: ws token create NAME.",
        exit: EXIT.denied,
        cause,
      });
    }
    return new CliError("agent_unreachable", "No agent runs on this machine.", {
      next: "Start it with 'ws agent run' (or 'npm start' in the repository), or name another worker: ws config set worker HOST.",
      exit: EXIT.unavailable,
      cause,
    });
  }
  if (cause instanceof CliError) return cause;
  const refused = code === undefined ? undefined : ofTls(target.url, code, cause);
  if (refused !== undefined) return refused;
  return new CliError("agent_unreachable", `The worker at ${target.url} does not answer (${code ?? String(cause)}).`, {
    next: "Check the address ('ws config get worker') and that its agent runs.",
    exit: EXIT.unavailable,
    cause,
  });
}

/** What the two ends of TLS say of each other. */
function ofTls(url: string, code: string, cause: unknown): CliError | undefined {
  if (!url.startsWith("https:")) return undefined;
  if (UNTRUSTED.test(code)) {
    return new CliError("worker_untrusted", `This device has no reason to trust the certificate of ${url} (${code}).`, {
      next: "Pair with the worker: 'ws pair' there shows a code, then here: ws pair HOST CODE.",
      exit: EXIT.denied,
      cause,
    });
  }
  if (CLIENT_CERTIFICATE.test(code)) {
    return new CliError(
      "client_certificate_needed",
      `The worker at ${url} wants another certificate of this device (${code}).`,
      {
        next: "Name the PEM files of one that its authority signed: clientCert and clientKey of the worker in client.json.",
        exit: EXIT.denied,
        cause,
      },
    );
  }
  if (code === "ECONNRESET" || code === "EPIPE") {
    return new CliError("agent_unreachable", `The worker at ${url} ended the connection (${code}).`, {
      next: "Check that its agent runs; and where it asks devices for a certificate, clientCert and clientKey of the worker in client.json.",
      exit: EXIT.unavailable,
      cause,
    });
  }
  if (code !== "EPROTO" && code !== "ERR_SSL_WRONG_VERSION_NUMBER") return undefined;
  return new CliError("agent_unreachable", `What answers at ${url} does not speak TLS (${code}).`, {
    next: `Switch TLS on at the worker (ws agent run --tls), or use ${url.replace("https:", "http:")} where nobody can read along.`,
    exit: EXIT.unavailable,
    cause,
  });
}

const UNTRUSTED = /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|^CERT_|ALTNAME_INVALID|HOSTNAME_MISMATCH|INVALID_CA/;
const CLIENT_CERTIFICATE =
  /^ERR_SSL_.*ALERT_(?:CERTIFICATE_\w+|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|DECRYPT_ERROR|ACCESS_DENIED|HANDSHAKE_FAILURE)/;
