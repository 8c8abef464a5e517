import type { WorkspacePort } from "@ws/rpc-contract";
import { CliError, EXIT } from "../errors.ts";

/** A port of a workspace, and the one of this machine that it is brought to; 0 takes a free one. */
export interface Forward {
  port: number;
  local: number;
  label?: string;
}

/** What these words ask for: `PORT`, `LABEL`, or either with `:LOCAL`; without words all ports that have a name. Throws a `CliError`. */
export function wantedPorts(name: string, words: readonly string[], ports: readonly WorkspacePort[]): Forward[] {
  const named = ports.filter(({ label }) => label !== undefined);
  if (words.length === 0) {
    if (named.length > 0) return named.map((port) => forwardOf(port));
    throw new CliError("usage", `No port of '${name}' has a name, so say which.`, {
      next: `ws forward ${name} 3000, or name them: ws ports ${name} 3000=web.`,
      exit: EXIT.usage,
    });
  }
  return words.map((word) => {
    const [, what = "", given] = /^([a-z0-9-]+)(?::(\d{1,5}))?$/.exec(word) ?? [];
    const local = given === undefined ? undefined : Number(given);
    const number = /^\d{1,5}$/.test(what) ? Number(what) : undefined;
    const known = ports.find(({ port, label }) => (number === undefined ? label === what : port === number));
    const isUnfit = number !== undefined && (number < 1 || number > LAST);
    if (what === "" || isUnfit || (local ?? 0) > LAST) {
      throw new CliError("usage", `'${word}' is not PORT, PORT:LOCAL or the name of a port.`, {
        next: `Use ports from 1 to ${LAST}: ws forward ${name} 3000:8000.`,
        exit: EXIT.usage,
      });
    }
    if (known !== undefined) return forwardOf(known, local);
    if (number !== undefined) return { port: number, local: local ?? number };
    throw new CliError("usage", `No port of '${name}' is called '${what}'.`, {
      next: `See them: ws ports ${name}. Name one: ws ports ${name} 3000=${what}.`,
      exit: EXIT.usage,
    });
  });
}

const LAST = 65_535;

function forwardOf({ port, label, local = port }: WorkspacePort, given: number = local): Forward {
  return { port, local: given, ...(label === undefined ? {} : { label }) };
}
