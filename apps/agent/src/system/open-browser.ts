import { spawn } from "node:child_process";

/** Opens an address in this machine's browser where there is one; says nothing where there is none. */
export function openBrowser(url: string, env: Readonly<Record<string, string | undefined>>): void {
  const mac = process.platform === "darwin";
  if (!mac && env["DISPLAY"] === undefined && env["WAYLAND_DISPLAY"] === undefined) return;
  const child = spawn(mac ? "open" : "xdg-open", [url], { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}
