import { excerpt, isWsError, WsError } from "@ws/workspace-core";
import { requireSafe, tunnel } from "../http/listen.ts";
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
  if (key === "github.url" || key === "github.apiUrl") requireAddress(key, next.get(key));
  if (key === "github.servers") for (const url of next.get(key)) requireAddress(key, url);
  if (key !== "host" && key !== "insecureListen") return;
  const port = next.get("port");
  const back = from === "host" ? "take the address back first: ws config unset host" : `unset ${from} first`;
  const ways = {
    host: `Reach the worker with '${tunnel(port)}', or accept the risk first: ws config set insecureListen true.`,
    insecureListen: `Leave it, or ${back}.`,
  };
  refusing(key, () => requireSafe({ host, insecureListen: next.get("insecureListen"), port, from }), ways[key]);
}

/** As the forge takes it. */
function requireAddress(key: "github.url" | "github.apiUrl" | "github.servers", text: string): void {
  if (text === "") return;
  const url = URL.parse(text);
  const isPlain = url?.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (url?.protocol === "https:" && isPlain && (key === "github.apiUrl" || url.pathname === "/")) return;
  throw new WsError("invalid_input", {
    message: `'${excerpt(text.replace(/\/\/[^/]*@/, "//***@"))}' is not the https address of a GitHub${key === "github.apiUrl" ? "'s API" : ""}.`,
    next: `Use ${key === "github.apiUrl" ? "https://HOST/api/v3" : "https://HOST"}, or take it back: ws config unset ${key}.`,
    data: { field: key },
  });
}

function refusing(field: SettingKey, check: () => unknown, next: string): void {
  try {
    check();
  } catch (error) {
    if (!isWsError(error)) throw error;
    throw new WsError("invalid_input", { message: error.message, next, data: { field }, cause: error });
  }
}
