import { join } from "node:path";
import { WsError, type Clock } from "@ws/workspace-core";
import type { SettingKey, SettingValue } from "../config/settings.ts";
import { clientAuthorities, givenCertificate } from "./given-files.ts";
import { ownCertificate, type ServerCertificate } from "./own-certificate.ts";

interface Settings {
  get<K extends SettingKey>(key: K): SettingValue<K>;
}

/** Throws `config_invalid` where the agent could not start with what the settings say of TLS. */
export function requireTls(settings: Settings): void {
  const clientCa = settings.get("tls.clientCa");
  if (clientCa !== "") clientAuthorities(clientCa);
  const mode = settings.get("tls.mode");
  if (mode === "files") givenCertificate(settings.get("tls.cert"), settings.get("tls.key"));
  if (mode !== "off" || clientCa === "") return;
  throw new WsError("config_invalid", {
    message: "tls.clientCa asks clients for certificates, and without TLS nobody is asked.",
    next: "Switch TLS on: ws agent run --tls (or the setting tls.mode); or take tls.clientCa back.",
    data: { file: "tls.clientCa" },
  });
}

/** What to secure connections with; undefined where TLS is off. Throws `config_invalid`, `disk_full`. */
export async function loadCertificate(
  settings: Settings,
  own: { configDirectory: string; names: readonly string[]; clock: Pick<Clock, "now"> },
): Promise<(ServerCertificate & { clientCa?: string }) | undefined> {
  requireTls(settings);
  const mode = settings.get("tls.mode");
  if (mode === "off") return undefined;
  const clientCa = settings.get("tls.clientCa");
  const certificate =
    mode === "files"
      ? givenCertificate(settings.get("tls.cert"), settings.get("tls.key"))
      : await ownCertificate(join(own.configDirectory, "tls"), own.names, own.clock);
  return { ...certificate, ...(clientCa === "" ? {} : { clientCa: clientAuthorities(clientCa) }) };
}
