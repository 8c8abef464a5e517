import type { Node } from "jsonc-parser";
import { getNodeValue } from "jsonc-parser";
import type { NamedPort } from "../way-in/named-ports.ts";

const MOST = 100;

export interface DevcontainerPorts {
  forward(node: Node, refuse: (property: string, at: Node, reason: string) => void): void;
  attributes(node: Node): void;
  /** Each port once, with a label of its own. */
  named(): NamedPort[];
}

/** `forwardPorts`, called as `portsAttributes` has it, wherever that stands in the file. */
export function createPorts(): DevcontainerPorts {
  const ports = new Set<number>();
  const labels = new Map<number, string>();
  return {
    forward(node, refuse) {
      if (node.type !== "array") return refuse("forwardPorts", node, "it is not a list of ports");
      for (const item of node.children ?? []) {
        const port: unknown =
          typeof item.value === "string" && /^\d{1,5}$/.test(item.value) ? Number(item.value) : item.value;
        if (typeof port === "string") refuse("forwardPorts", item, "only ports of the workspace itself are forwarded");
        else if (!isPort(port)) refuse("forwardPorts", item, "that is not a port");
        else if (!ports.has(port) && ports.size === MOST)
          refuse("forwardPorts", item, `more than ${MOST} ports are named`);
        else ports.add(port);
      }
    },
    attributes(node) {
      for (const { children: [key, value] = [] } of node.children ?? []) {
        if (value?.type !== "object") continue;
        const { label } = getNodeValue(value) as { label?: unknown };
        if (typeof label === "string") labels.set(Number(key?.value), label);
      }
    },
    named() {
      const taken = new Set<string>();
      return [...ports]
        .sort((one, other) => one - other)
        .map((port) => {
          const wanted = plain(labels.get(port) ?? "");
          const label = wanted === "" || taken.has(wanted) ? `port-${port}` : wanted;
          taken.add(label);
          return { port, label };
        });
    },
  };
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535;
}

/** As the label of a port may be; empty where nothing of it may. */
function plain(label: string): string {
  const words = label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 32)
    .replace(/^-+|-+$/g, "");
  return /[a-z]/.test(words) && !/^port-\d+$/.test(words) ? words : "";
}
