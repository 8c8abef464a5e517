import { WsError } from "../errors.ts";
import { excerpt } from "../names.ts";

/** A port of a workspace that somebody gave a name. */
export interface NamedPort {
  port: number;
  /** What it is called, such as `web`; no two of a workspace have the same. */
  label: string;
  /** The port of people's own machines that it is brought to; the same where absent. */
  local?: number;
}

const LABEL = /^(?=.*[a-z])[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;
const MOST = 100;

/** The ports as they are kept, by number. Throws `invalid_input`. */
export function parseNamedPorts(given: readonly NamedPort[]): NamedPort[] {
  if (given.length > MOST) throw unfit(`A workspace has at most ${MOST} named ports.`);
  const ports = new Set<number>();
  const labels = new Set<string>();
  for (const { port, label, local = port } of given) {
    if (!isPort(port) || !isPort(local)) throw unfit(`'${isPort(port) ? local : port}' is not a port: use 1 to 65535.`);
    if (!LABEL.test(label)) {
      throw unfit(
        `'${excerpt(label)}' cannot name a port: use 1 to 32 lower-case letters, digits and inner hyphens, with a letter.`,
      );
    }
    if (ports.has(port)) throw unfit(`The port ${port} is named twice.`);
    if (labels.has(label)) throw unfit(`Two ports are called '${label}'.`);
    ports.add(port);
    labels.add(label);
  }
  return given
    .map(({ port, label, local }) => ({ port, label, ...(local === undefined || local === port ? {} : { local }) }))
    .sort((one, other) => one.port - other.port);
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

function unfit(message: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message,
    next: "Name one as in: ws ports NAME 3000=web.",
    data: { field: "ports" },
  });
}
