import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { CliError, EXIT } from "../errors.ts";
import type { SshPlaces } from "./places.ts";

/** The public key of this device, which OpenSSH makes where there is none. Throws a `CliError`. */
export function ownKey(
  { directory, key, publicKey }: SshPlaces,
  env: Readonly<Record<string, string | undefined>>,
): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (!existsSync(key)) keygen(["-q", "-t", "ed25519", "-N", "", "-C", "workspace", "-f", key], env);
  // Its other half can be lost, and is in it.
  if (!existsSync(publicKey)) return keygen(["-y", "-P", "", "-f", key], env).trim();
  return readFileSync(publicKey, "utf8").trim();
}

function keygen(words: string[], env: Readonly<Record<string, string | undefined>>): string {
  const { error, status, stdout, stderr } = spawnSync("ssh-keygen", words, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...env },
  });
  if (status === 0) return stdout;
  const isMissing = error !== undefined && "code" in error && error.code === "ENOENT";
  throw new CliError(
    "ssh_missing",
    isMissing
      ? "OpenSSH's client is not on this device."
      : `ssh-keygen made no key: ${(stderr ?? "").trim().slice(-300)}`,
    {
      next: isMissing ? "Install it: apt install openssh-client." : "Look at the file, then try again.",
      exit: EXIT.failed,
    },
  );
}
