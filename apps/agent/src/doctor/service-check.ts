import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { configDirectory } from "../paths.ts";
import { variableOf } from "../service/unit-text.ts";
import { fine, type Finding } from "./finding.ts";

const UNIT = "workspace-agent.service";

/** Where systemd keeps what concerns this user. */
export interface ServicePlaces {
  /** Of the system, then of the user. */
  units: readonly { directory: string; of: "system" | "user" }[];
  /** The configuration directory of an agent that is told none. */
  usual: string;
  /** There where the user's services run without anybody signed in. */
  linger: string;
  /** There where systemd runs this machine. */
  running: string;
}

export function servicePlaces(env: Readonly<Record<string, string | undefined>>): ServicePlaces {
  const config = env["XDG_CONFIG_HOME"] || join(env["HOME"] ?? homedir(), ".config");
  return {
    units: [
      { directory: "/etc/systemd/system", of: "system" },
      { directory: join(config, "systemd", "user"), of: "user" },
    ],
    usual: configDirectory({ ...env, WS_CONFIG_DIR: "" }),
    linger: join("/var/lib/systemd/linger", userInfo().username),
    running: "/run/systemd/system",
  };
}

export function unitPaths({ units }: ServicePlaces): string[] {
  return units.map(({ directory }) => join(directory, UNIT));
}

/** Whether the agent of this directory comes back by itself after a reboot; nothing to say where no systemd runs. */
export function checkService({ units, usual, linger, running }: ServicePlaces, configDir: string): Finding | undefined {
  if (!existsSync(running)) return undefined;
  const unit = units.find(({ directory, of }) => {
    const named = directoryOf(join(directory, UNIT));
    // Where the system's unit names none, it is that of whoever it runs as.
    return named === configDir || (named === "" && of === "user" && usual === configDir);
  });
  if (unit === undefined) {
    return {
      status: "warn",
      message: "Nothing starts this agent after a reboot.",
      next: "Install it as a service: ws agent install.",
    };
  }
  const scope = unit.of === "user" ? " --user" : "";
  if (!isEnabled(unit.directory)) {
    return {
      status: "warn",
      message: `${UNIT} is there, and nothing starts it after a reboot.`,
      next: `Enable it: systemctl${scope} enable ${UNIT}.`,
    };
  }
  if (unit.of === "user" && !existsSync(linger)) {
    return {
      status: "warn",
      message: `${UNIT} starts when its user signs in, and ends when that user has signed out.`,
      next: "Have it run without that: loginctl enable-linger.",
    };
  }
  return fine(`systemd starts ${UNIT} after a reboot.`);
}

/** The configuration directory that a unit gives its agent, empty where it gives none; undefined where there is no unit that anybody can read, or it is masked. */
function directoryOf(path: string): string | undefined {
  try {
    // What is masked leads to /dev/null.
    const text = readFileSync(path, "utf8");
    return text === "" ? undefined : (variableOf(text, "WS_CONFIG_DIR") ?? "");
  } catch {
    return undefined;
  }
}

/** Enabling is a link in the directory of what wants it. */
function isEnabled(directory: string): boolean {
  const wants = readdirSync(directory).filter((name) => name.endsWith(".wants"));
  return wants.some((name) => readdirSync(join(directory, name)).includes(UNIT));
}
