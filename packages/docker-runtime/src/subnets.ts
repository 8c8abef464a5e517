import { createHash } from "node:crypto";

export interface Subnet {
  /** The first address as a number. */
  base: number;
  /** Prefix length. */
  bits: number;
}

/** Throws a plain Error where the text is not an IPv4 network such as `10.20.0.0/22`. */
export function parseSubnet(text: string): Subnet {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  const octets = (match?.slice(1, 5) ?? []).map(Number);
  const bits = Number(match?.[5]);
  if (match === null || octets.some((octet) => octet > 255) || bits > 32) {
    throw new Error(`'${text}' is not an IPv4 network such as 10.20.0.0/22`);
  }
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return { base: address - (address % size(bits)), bits };
}

export function formatSubnet({ base, bits }: Subnet): string {
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join(".")}/${bits}`;
}

export function overlaps(a: Subnet, b: Subnet): boolean {
  return a.base < b.base + size(b.bits) && b.base < a.base + size(a.bits);
}

/**
 * Where this instance's network may lie, in the order to try: a thousand addresses each, from the upper half of
 * 10.0.0.0/8, which few home and office networks use. The same instance begins at the same place every time.
 */
export function* candidateSubnets(instance: string, taken: readonly Subnet[]): Generator<Subnet> {
  const start = createHash("sha256").update(instance).digest().readUInt32BE(0);
  for (let step = 0; step < SLOTS; step++) {
    const slot = (start + step) % SLOTS;
    const subnet = { base: 10 * 2 ** 24 + 2 ** 23 + slot * size(PREFIX), bits: PREFIX };
    if (!taken.some((other) => overlaps(subnet, other))) yield subnet;
  }
}

/** The networks of the kernel's routing table (`/proc/net/route`), the default route left out. */
export function routedSubnets(table: string): Subnet[] {
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.split("\t"))
    .filter((fields) => fields.length > 7)
    .map((fields) => ({ base: littleEndian(fields[1] ?? ""), bits: maskBits(littleEndian(fields[7] ?? "")) }))
    .filter(({ bits }) => bits > 0);
}

const PREFIX = 22;
const SLOTS = 2 ** (PREFIX - 9);

function size(bits: number): number {
  return 2 ** (32 - bits);
}

function littleEndian(hex: string): number {
  return Buffer.from(hex.padStart(8, "0"), "hex").readUInt32LE(0);
}

function maskBits(mask: number): number {
  return mask.toString(2).replaceAll("0", "").length;
}
