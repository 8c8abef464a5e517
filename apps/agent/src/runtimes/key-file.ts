import { readFileSync } from "node:fs";
import { WsError } from "@ws/workspace-core";
import { expandHome } from "../paths.ts";

/** The content of the file with the app's private key; empty where none is named. Throws `credential_invalid`. */
export function readKeyFile(path: string, env: Readonly<Record<string, string | undefined>>): string {
  if (path === "") return "";
  try {
    return readFileSync(expandHome(path, env), "utf8");
  } catch (error) {
    throw new WsError("credential_invalid", {
      message: `The file ${path} with the private key of the GitHub App cannot be read.`,
      next: "Put it there, or name another: ws config set github.privateKeyPath FILE.",
      data: { credential: "github-app" },
      cause: error,
    });
  }
}
