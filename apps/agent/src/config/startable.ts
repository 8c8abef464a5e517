import { excerpt, isWsError, WsError } from "@ws/workspace-core";
import { requireSafe, tunnel } from "../listening/listen.ts";
import { requireTls } from "../tls/load-tls.ts";
import { readAuthority } from "./authority-file.ts";
import type { SettingKey, SettingValue } from "./settings.ts";

export interface NextStart {
  /** What the next start reads. */
  get<K extends SettingKey>(key: K): SettingValue<K>;
  variable(key: SettingKey): string | undefined;
}

/** Throws `invalid_input` where the agent would refuse to start with what a change of this setting leaves. */
export function requireStartable(key: SettingKey, next: NextStart): void {
  const host = next.get("host");
  const from = next.variable("host") ?? "host";
  if (key === "git.ca") {
    for (const path of next.get(key)) refusing(key, () => readAuthority(path, key), "Put it there, then set it again.");
  }
  if (key === "github.apiUrl" && URL.parse(next.get(key))?.protocol === "http:") {
    throw new WsError("invalid_input", {
      message: `'${excerpt(next.get(key))}' is not the https address of a GitHub's API, and by http none is asked.`,
      next: `Use https://HOST/api/v3, or take it back: ws config unset ${key}.`,
      data: { field: key },
    });
  }
  if (key.startsWith("tls.")) {
    refusing(
      key,
      () => requireTls(next),
      "Switch TLS off first (ws config set tls.mode off), or set what goes with it first.",
    );
  }
  if (key !== "host" && key !== "insecureListen" && key !== "tls.mode") return;
  const tls = next.get("tls.mode") !== "off";
  const port = next.get("port");
  const back = from === "host" ? "take the address back first: ws config unset host" : `unset ${from} first`;
  const ways = {
    host: `Encrypt it first: ws config set tls.mode self. Or reach the worker with '${tunnel(port)}', or accept the risk first: ws config set insecureListen true.`,
    insecureListen: `Leave it, or ${back}.`,
    "tls.mode": `Leave it, or ${back}.`,
  };
  refusing(key, () => requireSafe({ host, tls, insecureListen: next.get("insecureListen"), port, from }), ways[key]);
}

function refusing(field: SettingKey, check: () => unknown, next: string): void {
  try {
    check();
  } catch (error) {
    if (!isWsError(error)) throw error;
    throw new WsError("invalid_input", { message: error.message, next, data: { field }, cause: error });
  }
}
