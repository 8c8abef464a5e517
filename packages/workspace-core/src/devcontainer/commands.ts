import type { Node } from "jsonc-parser";
import { excerpt } from "../names.ts";
import type { DevcontainerCommand } from "./plan.ts";

const LIFECYCLE = ["onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand"] as const;

/** Whether a property holds what is run in the workspace. */
export function isLifecycle(name: string): name is (typeof LIFECYCLE)[number] {
  return LIFECYCLE.some((one) => one === name);
}

/**
 * A line for the shell, a program with its arguments, or several of them by name. `isPlain` is asked of every text, and says itself
 * why one is not.
 */
export function commandsOf(
  property: string,
  node: Node,
  isPlain: (property: string, node: Node) => boolean,
): { commands: DevcontainerCommand[]; problem?: string } {
  if (node.type !== "object") {
    const command = commandOf(property, node, isPlain);
    if (command === "empty") return { commands: [] };
    if (command === undefined)
      return { commands: [], problem: "it is neither a line, nor a list of words, nor both by name" };
    return { commands: command === "refused" ? [] : [{ name: property, command: command.said }] };
  }
  const names = new Set<string>();
  const commands: DevcontainerCommand[] = [];
  for (const { children: [key, value] = [] } of node.children ?? []) {
    if (key === undefined || value === undefined) continue;
    const command = commandOf(`${property}.${excerpt(String(key.value))}`, value, isPlain);
    if (command === undefined) return { commands: [], problem: "one of them is neither a line nor a list of words" };
    if (command === "refused" || command === "empty") continue;
    commands.push({ name: nameOf(property, String(key.value), names), command: command.said });
  }
  return { commands };
}

/** What the workspace runs: a script of its own, because a line may be longer than a command may. */
export function scriptOf({ command }: DevcontainerCommand): string {
  const line = typeof command === "string" ? command : `exec ${command.map(quoted).join(" ")}`;
  return `#!/bin/sh\n${line}\n`;
}

function commandOf(
  property: string,
  node: Node,
  isPlain: (property: string, node: Node) => boolean,
): { said: string | string[] } | "refused" | "empty" | undefined {
  if (node.type === "string") {
    if (!isPlain(property, node)) return "refused";
    return node.value === "" ? "empty" : { said: node.value as string };
  }
  if (node.type !== "array") return undefined;
  const words = node.children ?? [];
  if (words.length === 0) return "empty";
  if (words.some(({ type }) => type !== "string")) return undefined;
  if (!words.every((word) => isPlain(property, word))) return "refused";
  return { said: words.map(({ value }) => value as string) };
}

/** It becomes the name of a file. */
function nameOf(property: string, key: string, taken: Set<string>): string {
  const base = `${property}.${key.replace(/[^A-Za-z0-9_-]/g, "-").slice(0, 40)}`;
  let name = base;
  for (let next = 2; taken.has(name); next++) name = `${base}-${next}`;
  taken.add(name);
  return name;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
