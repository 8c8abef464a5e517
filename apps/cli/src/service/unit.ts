import { CliError } from "../errors.ts";
import { noteFor } from "./note.ts";
import { commandOf, type Service } from "./service.ts";

export const UNIT = "workspace-agent.service";

/** The unit of systemd for a service. Throws `service_program` for paths that no unit can name. */
export function unitText(service: Service): string {
  const { scope, directory, user } = service;
  const [node = "", ...words] = commandOf(service);
  const isSystem = scope === "system";
  return `# ${noteFor(service)}
# What you want otherwise goes beside it: systemctl ${isSystem ? "" : "--user "}edit ${UNIT}

[Unit]
Description=Workspace agent, which makes this machine a worker
${isSystem ? "Wants=network-online.target\nAfter=network-online.target docker.service\n" : ""}\
# One that cannot start is left alone after five times.
StartLimitIntervalSec=120
StartLimitBurst=5

[Service]
Type=notify
# The agent speaks through systemd-notify, a child.
NotifyAccess=all
ExecStart=${[executable(node), ...words.map(argument)].join(" ")}
Environment=${quoted(`WS_CONFIG_DIR=${directory}`)}
${user === undefined ? "" : `User=${name(user)}\nWorkingDirectory=~\n`}\
Restart=always
RestartSec=2
# Wrong use does not become right.
RestartPreventExitStatus=2
WatchdogSec=30
# By itself it would be SIGABRT, which writes the memory, with every secret in it, to the disk.
WatchdogSignal=SIGTERM
TimeoutStartSec=90
TimeoutStopSec=15
# Terminals and commands of workspaces on the local runtime go on without the agent, and after one of them used up the memory the agent does.
KillMode=process
OOMPolicy=continue
UMask=0077
# The agent keeps a log of its own, which only its owner reads.
StandardOutput=null
StandardError=journal
# These hold for workspaces on the local runtime too, so nothing is here that their programs need: namespaces, /tmp, homes, devices.
NoNewPrivileges=yes
RestrictRealtime=yes
${isSystem && user !== "root" ? "CapabilityBoundingSet=\n" : ""}\

[Install]
WantedBy=${isSystem ? "multi-user" : "default"}.target
`;
}

/** What is run is named without variables, and systemd takes no quotes in it. */
function executable(path: string): string {
  if (/["'\\]/.test(path)) throw unnameable(path);
  return quoted(path);
}

function argument(word: string): string {
  return quoted(word).replaceAll("$", "$$$$");
}

/** As systemd reads it again: `%` begins a specifier. */
function quoted(word: string): string {
  if (/\p{Cc}/u.test(word)) throw unnameable(word);
  return `"${word.replace(/[\\"]/g, "\\$&").replaceAll("%", "%%")}"`;
}

function name(user: string): string {
  if (!/^[a-z_][a-z0-9_.-]*\$?$/i.test(user)) throw unnameable(user);
  return user;
}

function unnameable(word: string): CliError {
  return new CliError("service_program", `No unit of systemd can name ${JSON.stringify(word)}.`, {
    next: "Install ws, or put its directory, at a path without quotes, backslashes and control characters.",
  });
}
