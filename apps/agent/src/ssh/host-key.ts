import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { WsError } from "@ws/workspace-core";
import ssh2 from "ssh2";
import { writeDurable } from "../config/durable-file.ts";

/** By which a worker is known to those who come over SSH. */
export interface HostKey {
  /** In OpenSSH's own format. */
  private: string;
  /** One line without a comment, as it stands in a known_hosts behind the name. */
  public: string;
}

/** The worker's own, ed25519, made at its first use and kept for ever, readable by its user only. Throws `config_invalid`, `disk_full`. */
export function loadHostKey(configDirectory: string): HostKey {
  const path = join(configDirectory, "ssh", "host_key");
  const kept = read(path);
  if (kept !== undefined) return parse(path, kept);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // The library leaves the last newline out, without which OpenSSH's own tools cannot read it.
  writeDurable(path, `${generate().trim()}\n`);
  return parse(path, readFileSync(path, "utf8"));
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw invalid(path, error);
  }
}

function generate(): string {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519");
    // It drops a public key's leading zero byte: one pair in 256 is one that no client accepts.
    if (Buffer.from(pair.public.split(" ")[1] ?? "", "base64").length === ED25519_BLOB) return pair.private;
  }
}

// Two lengths, the algorithm's name and the key.
const ED25519_BLOB = 4 + "ssh-ed25519".length + 4 + 32;

function parse(path: string, text: string): HostKey {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error || key.type !== "ssh-ed25519" || !key.isPrivateKey()) {
    throw invalid(path, key instanceof Error ? key : undefined);
  }
  return { private: text, public: `${key.type} ${key.getPublicSSH().toString("base64")}` };
}

function invalid(file: string, cause: unknown): WsError<"config_invalid"> {
  return new WsError("config_invalid", {
    message: `${file} is not an ed25519 key in OpenSSH's format.`,
    next: "Repair it, or move it away: another one is made, and every device runs 'ws ssh-config' again.",
    data: { file },
    cause,
  });
}
