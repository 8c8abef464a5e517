/** A name of DNS, or an address that is written in the one way that everybody reads alike. */
export interface EgressHost {
  kind: "name" | "address";
  /** In lower case, without a dot at its end, and of an IPv6 address without brackets. */
  text: string;
}

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const LONGEST_NAME = 253;

/**
 * What a program asks to be connected to, or undefined where it is no host that a rule could name. Resolvers read `127.1`, `0x7f.1`
 * and `2130706433` as addresses: what ends in a number is an address written out in full, or nothing.
 */
export function parseHost(given: string): EgressHost | undefined {
  const text = given.toLowerCase();
  if (text.startsWith("[") && text.endsWith("]")) return inBrackets(text.slice(1, -1));
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  if (name.length > LONGEST_NAME) return undefined;
  const labels = name.split(".");
  if (!labels.every((label) => LABEL.test(label))) return undefined;
  if (!/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "")) return { kind: "name", text: name };
  return labels.length === 4 && labels.every(isOctet) ? { kind: "address", text: name } : undefined;
}

function inBrackets(address: string): EgressHost | undefined {
  return /^(?=.*:)[0-9a-f:.]{2,45}$/.test(address) ? { kind: "address", text: address } : undefined;
}

function isOctet(label: string): boolean {
  return /^(?:0|[1-9]\d{0,2})$/.test(label) && Number(label) <= 255;
}
