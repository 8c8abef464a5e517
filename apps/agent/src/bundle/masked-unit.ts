import { linesOf, settingOf, wordsOf } from "../service/unit-text.ts";

/** What these say is how the service runs, and never a secret. */
const SHOWN =
  /^(?:Description|Documentation|Wants|Requires|BindsTo|PartOf|After|Before|Condition\w+|StartLimit\w+|Type|NotifyAccess|Restart\w*|Watchdog\w+|Timeout\w+|KillMode|KillSignal|OOMPolicy|UMask|User|Group|WorkingDirectory|NoNewPrivileges|Restrict\w+|CapabilityBoundingSet|AmbientCapabilities|Protect\w+|Private\w+|StandardOutput|StandardError|Limit\w+|Memory\w+|Tasks\w+|EnvironmentFile|PassEnvironment|UnsetEnvironment|WantedBy|Alias)$/;
/** The one variable that is said whole: whose unit it is. */
const DIRECTORY = "WS_CONFIG_DIR";
const HIDDEN = "[hidden]";
/**
 * A unit of systemd as somebody else may see it, whoever wrote it: of variables their names, of what is run its paths and the names of its options. What
 * may hold anything is named and not shown; comments are left out.
 */
export function maskedUnit(text: string): string {
  return linesOf(text).map(masked).join("\n");
}

function masked(line: string): string {
  if (line === "" || /^\[[\w -]+\]$/.test(line)) return line;
  const setting = settingOf(line);
  if (setting === undefined) return HIDDEN;
  const { key, value } = setting;
  if (SHOWN.test(key)) return line;
  const show = key === "Environment" ? variable : /^Exec\w+$/.test(key) ? argument : undefined;
  const words = show === undefined ? undefined : wordsOf(value);
  return `${key}=${words === undefined ? HIDDEN : words.map((word) => show?.(word)).join(" ")}`;
}

function variable(word: string): string {
  const name = /^["']?([A-Za-z_]\w*)=/.exec(word)?.[1];
  if (name === undefined) return HIDDEN;
  return name === DIRECTORY ? word : `${name}=${HIDDEN}`;
}

function argument(word: string): string {
  const [, option] = /^["']?(--?[a-z][a-z-]*)=/.exec(word) ?? [];
  if (option !== undefined) return `${option}=${HIDDEN}`;
  return /^["']?(?:[-@:+!]*(?:\/[\w .@~-]+){2,}|--?[a-z][a-z-]*|agent|run|\d{1,5})["']?$/.test(word) ? word : HIDDEN;
}
