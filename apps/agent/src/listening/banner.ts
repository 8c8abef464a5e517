import { asTyped, type RuntimeStatus } from "@ws/workspace-core";

export interface BannerOptions {
  address: string;
  /** Lets in whoever has it: only where nobody else reads along. */
  link?: string | undefined;
  /** How other devices reach it by TLS, and what they pin. */
  secured?: { address: string; pin: string } | undefined;
  /** What it is called on a tailnet, and who is let in there, in words. */
  tailnet?: { name: string; letsIn: string } | undefined;
  runtime: RuntimeStatus & { available: boolean };
  /** How the command line is called from here: `ws`, or `./ws` in the repository. */
  command: string;
  /** Where the agent keeps everything, if not where `ws` looks for it by itself. */
  directory?: string | undefined;
}

/** What a person reads once the agent is up: where it is, how safe it is, and what to type next. */
export function banner({ address, link, secured, tailnet, runtime, command, directory }: BannerOptions): string {
  const leading = directory === undefined ? undefined : `WS_CONFIG_DIR=${asTyped(directory)}`;
  const here = leading === undefined ? command : `${leading} ${command}`;
  return [
    "",
    `  Agent running at ${address}`,
    ...(secured === undefined ? [] : [`  By TLS at        ${secured.address}`, `  Its key's pin    ${secured.pin}`]),
    ...(tailnet === undefined
      ? []
      : [`  On the tailnet   ${tailnet.name} lets in`, `                   ${tailnet.letsIn}`]),
    `  Workspaces run   ${describe(runtime)}`,
    ...notes(runtime, here).map((note) => `                   ${note}`),
    "",
    ...(link === undefined
      ? [`  Dashboard:       ${here} open`]
      : ["  Dashboard (this link works once, for five minutes):", `    ${link}`]),
    "",
    "  Next, in another terminal:",
    // For the whole terminal: what each command tells to type next is then meant for this agent, too.
    ...(leading === undefined ? [] : [`    export ${leading}`]),
    `    ${command} start demo --clone https://github.com/OWNER/REPOSITORY`,
    `    ${command} shell demo`,
    "",
    `  Another device:  ${here} pair`,
    "",
    "",
  ].join("\n");
}

function describe({ runtime, version, isolation, available }: BannerOptions["runtime"]): string {
  if (!available) return "in containers, but the engine does not answer now";
  if (runtime === "docker") return `in containers (Docker ${version})`;
  if (isolation === "sandbox") return "in bubblewrap sandboxes on this machine: NOT in containers";
  return "DIRECTLY on this machine, as you, WITHOUT isolation";
}

function notes({ remarks, available }: BannerOptions["runtime"], command: string): readonly string[] {
  if (!available) return [`(what to do: ${command} doctor)`];
  if (remarks.length === 0) return [];
  return [`(${remarks.length === 1 ? "1 remark" : `${remarks.length} remarks`}: ${command} info)`];
}
