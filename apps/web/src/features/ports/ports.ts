import type { WorkspacePort } from "@ws/rpc-contract";

/** A port as it is named; `local` is where `ws forward` brings it on people's own machines, the same number where absent. */
export interface NamedPort {
  port: number;
  label: string;
  local?: number;
}

/** Where something that listens can be connected to, in words. */
export function reachOf({ addresses = [] }: Pick<WorkspacePort, "addresses">): string {
  const loopback = addresses.every((address) => address === "127.0.0.1" || address === "::1");
  return loopback ? "only within the workspace" : "all its addresses";
}

/** Those that have names, with one of them changed, or taken away where `next` is absent. */
export function withName(all: readonly WorkspacePort[], port: number, next: NamedPort | undefined): NamedPort[] {
  const others = all.flatMap(({ port: each, label, local }) =>
    label === undefined || each === port ? [] : [{ port: each, label, ...(local === undefined ? {} : { local }) }],
  );
  return next === undefined ? others : [...others, next];
}

/** What was typed as a port; undefined where it is none. */
export function portOf(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/** What is wrong with a name for a port; undefined where nothing is, as far as can be told here. */
export function labelProblem(label: string): string | undefined {
  return /^(?=.*[a-z])[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(label)
    ? undefined
    : "Use 1 to 32 lower-case letters, digits and inner hyphens, with a letter.";
}

/** `ws forward demo 3000`, or `3000:8080` where it is brought to another port. */
export function forwardCommand(name: string, { port, local = port }: Pick<WorkspacePort, "port" | "local">): string {
  return `ws forward ${name} ${local === port ? port : `${port}:${local}`}`;
}
