import plist, { type PlistObject } from "plist";
import { noteFor } from "./note.ts";
import { commandOf, type Service } from "./service.ts";

export const LABEL = "dev.workspace.agent";

/** The description of a service for launchd, a property list in XML. */
export function plistText(service: Service): string {
  const content: PlistObject = {
    Label: LABEL,
    ProgramArguments: commandOf(service),
    EnvironmentVariables: {
      WS_CONFIG_DIR: service.directory,
      // launchd's own has neither git's nor Docker's usual places.
      PATH: "/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
    },
    RunAtLoad: true,
    KeepAlive: true,
    ThrottleInterval: 10,
    // Else the terminals of workspaces on the local runtime would end with the agent.
    AbandonProcessGroup: true,
    ExitTimeOut: 15,
    ProcessType: "Interactive",
    Umask: 0o077,
    // The agent keeps a log of its own, which does not grow without end.
    StandardOutPath: "/dev/null",
    StandardErrorPath: "/dev/null",
  };
  const text = plist.build(content);
  const end = text.indexOf("\n") + 1;
  return `${text.slice(0, end)}<!-- ${noteFor(service)} -->\n${text.slice(end)}\n`;
}
