import { join } from "node:path";
import { configDirectory } from "@ws/agent/paths";
import type { Io } from "../io.ts";

/** Where this device keeps what is its own for SSH; readable by its user only. */
export interface SshPlaces {
  directory: string;
  key: string;
  publicKey: string;
  knownHosts: string;
  config: string;
}

export function sshPlaces(env: Io["env"]): SshPlaces {
  const directory = join(configDirectory(env), "ssh");
  const key = join(directory, "id_ed25519");
  return {
    directory,
    key,
    publicKey: `${key}.pub`,
    knownHosts: join(directory, "known_hosts"),
    config: join(directory, "config"),
  };
}
