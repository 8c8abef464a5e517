import type { Box } from "../box.ts";
import { lines } from "../lines.ts";
import { runPerl } from "../run-perl.ts";
import { LISTENERS_SCRIPT } from "./listeners-script.ts";

/** A port on which something in a place takes connections. */
export interface Listener {
  port: number;
  /** The addresses it does so at, such as `127.0.0.1`, `0.0.0.0` or `::`. */
  addresses: readonly string[];
  /** What the process is called, and its number in the place; absent where it is another user's. */
  program?: string;
  pid?: number;
}

/** More than the script tells. */
const MOST_LINES = 4_096;
/** In characters; the longest are an address of IPv6 and what stands beside it. */
const LONGEST_LINE = 256;

/**
 * What listens in a place, by port; nothing where its system does not tell. Its Perl is whatever the place has by that name, so that no more
 * is taken from it than the script could say. Throws `box_closed`, `aborted`, and `command_not_found` where it has no Perl.
 */
export async function listenersOf(box: Pick<Box, "run">, signal?: AbortSignal): Promise<Listener[]> {
  const enough = new AbortController();
  const ending = signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]);
  const { stdout, exit } = await runPerl(box.run, [LISTENERS_SCRIPT], { signal: ending });
  const sockets: { inode: string; port: number; address: string }[] = [];
  const owners = new Map<string, { pid: number; program: string }>();
  let count = 0;
  for await (const line of lines(stdout, { longest: LONGEST_LINE, tooLong: "left out" })) {
    count += 1;
    if (count > MOST_LINES) break;
    const [kind, inode = "", text = "", rest = ""] = line.split("\t");
    const number = Number(text);
    if (kind === "L" && isPort(number) && isAddress(rest)) {
      const address = addressOf(rest);
      // At another address of the loopback only the engine's own resolver is to be expected, and nobody is led there.
      const isElsewhere = address.startsWith("127.") && address !== "127.0.0.1";
      if (!isElsewhere) sockets.push({ inode, port: number, address });
    }
    if (kind === "P" && Number.isSafeInteger(number)) {
      owners.set(inode, { pid: number, program: rest.replaceAll(/[^\x20-\x7e]/g, "?") });
    }
  }
  if (count <= MOST_LINES) await exit;
  else {
    // It may go on for ever.
    exit.catch(() => undefined);
    enough.abort();
  }
  return [...Map.groupBy(sockets, ({ port }) => port)]
    .sort(([one], [other]) => one - other)
    .map(([port, same]) => ({
      port,
      addresses: [...new Set(same.map(({ address }) => address))],
      ...same.map(({ inode }) => owners.get(inode)).find((owner) => owner !== undefined),
    }));
}

function isPort(number: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= 65_535;
}

function isAddress(hex: string): boolean {
  return /^(?:[\dA-F]{8}|[\dA-F]{32})$/.test(hex);
}

/** An address of `/proc/net/tcp`: words of four bytes, each with its lowest byte first. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).reverse(),
  );
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff) {
    return `::ffff:${bytes.slice(12).join(".")}`;
  }
  const groups = Array.from({ length: 8 }, (_each, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  const text = groups.join(":");
  // Of the zeros only those at the beginning, where all that is usual has them.
  return text.replace(/^(?:0:){2,}/, "::").replace(/^::0$/, "::");
}
