import {
  type AgentTool,
  type Clock,
  type RunEnd,
  type Runs,
  type TaskFailure,
  throwIfAborted,
  toolMissing,
  type Workspaces,
  WsError,
} from "@ws/workspace-core";

/** What is installed: versions whose output is known to be read right. */
export const TOOL_PACKAGES: Readonly<Record<string, string>> = {
  claude: "@anthropic-ai/claude-code@2.1.330",
  codex: "@openai/codex@0.169.0",
  opencode: "opencode-ai@1.18.33",
};

/**
 * Into the home, where it is on the workspace's PATH or is said not to be. One at a time in a workspace, whoever asks: a second one finds what the first
 * has installed. Arguments: command, package.
 */
const INSTALL = `
home="$HOME/.local"
mkdir -p "$home/state/ws" || exit 1
exec 9>"$home/state/ws/install-tools.lock"
if command -v flock >/dev/null; then flock 9; fi
if command -v -- "$1" >/dev/null; then exit 0; fi
command -v npm >/dev/null || { echo 'npm is not in this workspace'; exit 1; }
NPM_CONFIG_PREFIX="$home" npm install --global --no-fund --no-audit --no-update-notifier --no-progress -- "$2" || exit 1
command -v -- "$1" >/dev/null || { echo "it lies in ~/.local/bin, which is not on the PATH of this workspace"; exit 1; }
`;
const FIND = `command -v -- "$1" >/dev/null`;

const INSTALL_MS = 900_000;
const KEEP = { head: 4_096, tail: 16_384 };

export interface ToolPlace {
  /** The workspace's name. */
  name: string;
  workspaces: Pick<Workspaces, "run">;
  runs: Runs;
  signal: AbortSignal;
  report: (waits: TaskFailure) => void;
}

/** Makes sure that a coding tool is in a workspace, and installs it there where it may. Resolves to why it is not. */
export async function provideTool(
  tool: Pick<AgentTool, "name" | "command">,
  { name, workspaces, runs, signal, report }: ToolPlace,
  { mayInstall, clock }: { mayInstall: boolean; clock: Pick<Clock, "now"> },
): Promise<TaskFailure | undefined> {
  const [command] = tool.command({ permissions: "ask", variables: {} }).argv;
  const finding = await workspaces.run(name, ["sh", "-c", FIND, "sh", command], { signal });
  if ((await finding.exit).code === 0) return undefined;
  const wanted = Object.hasOwn(TOOL_PACKAGES, tool.name) ? TOOL_PACKAGES[tool.name] : undefined;
  if (wanted === undefined) return toolMissing(tool.name);
  const next = `Install it there, then try the task again: ws exec ${name} -- npm install --global ${wanted}.`;
  if (!mayInstall) return { ...toolMissing(tool.name), next };
  report({ code: "tool_installing", message: `${tool.name} is being installed in '${name}'.` });
  const argv = ["sh", "-c", INSTALL, "sh", command, wanted] as const;
  const id = `tool-${clock.now().toString(36)}-${crypto.randomUUID().slice(0, 8)}`;
  const { end, said } = await carry(runs, { id, argv }, signal);
  if (end.code === 0) return undefined;
  if (end.how === "lost") throw interrupted(tool.name);
  const why = end.how === "timeout" ? "it took too long." : reasonIn(said);
  // As the proxy of a workspace says it that may not reach the registry.
  const refused = /\b403 Forbidden\b/.test(said) ? ` See what it may not reach: ws egress ${name} refusals.` : "";
  return { ...toolMissing(tool.name, `, and could not be: ${why}`), next: `${next}${refused}` };
}

async function carry(
  runs: Runs,
  { id, argv }: { id: string; argv: Parameters<Runs["start"]>[0]["argv"] },
  signal: AbortSignal,
): Promise<{ end: RunEnd; said: string }> {
  await runs.start({ id, argv, keep: KEEP, errors: "merged", timeoutMs: INSTALL_MS });
  try {
    const end = await runs.ended(id, signal);
    const parts =
      end.code === 0 || end.how === "lost" ? [] : await Array.fromAsync(runs.read(id, 0, { live: false, signal }));
    throwIfAborted(signal);
    return { end, said: Buffer.concat(parts.map(({ bytes }) => bytes)).toString("utf8") };
  } finally {
    // One that goes on, because this agent goes away, stays as it is.
    await runs.remove(id).catch(() => undefined);
  }
}

/** Its workspace was stopped under it, which says nothing of the next time. */
function interrupted(tool: string): WsError<"interrupted"> {
  return new WsError("interrupted", {
    message: `The installation of ${tool} was interrupted.`,
    data: { step: "install" },
  });
}

const ASIDE = /^npm (?:error|ERR!) (?:code|errno|syscall|path|dest|command|A complete log|\s|$)/;

/** The line that says why: npm's last one says where its log is. */
function reasonIn(said: string): string {
  const lines = said.split("\n").filter((line) => line.trim() !== "");
  const error = lines.find((line) => /^npm (?:error|ERR!) /.test(line) && !ASIDE.test(line));
  const line = error ?? lines.at(-1) ?? "it did not say why";
  return `${line
    .replace(/^npm (?:error|ERR!) /, "")
    .trim()
    .slice(0, 300)
    .replace(/\.$/, "")}.`;
}
