import { STATUS_CODES, type IncomingMessage } from "node:http";
import { TOKEN_SUBPROTOCOL } from "@ws/rpc-contract/frames";
import { SECURITY_HEADERS } from "../http/headers.ts";

/** What a worker is told of a request. Who asks is said by the hub; the rest is between the client and the hub. */
const ASKED: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "cache-control",
  "content-encoding",
  "content-length",
  "content-type",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "last-event-id",
  "range",
  "sec-websocket-extensions",
  "sec-websocket-key",
  "sec-websocket-protocol",
  "sec-websocket-version",
  "transfer-encoding",
  "user-agent",
]);

/** What is taken of a worker's answer: nothing that would change how a browser treats the hub. */
const ANSWERED: ReadonlySet<string> = new Set([
  "accept-ranges",
  "allow",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "etag",
  "last-modified",
  "retry-after",
  "sec-websocket-accept",
  "sec-websocket-extensions",
  "sec-websocket-protocol",
  "vary",
  "x-accel-buffering",
]);

/** MCP has headers of its own in both directions. */
function passes(names: ReadonlySet<string>, name: string): boolean {
  return names.has(name) || name.startsWith("mcp-");
}

type Headers = Record<string, string | string[]>;

export function askedHeaders({ headersDistinct, headers }: IncomingMessage): Headers {
  const isUpgrade = headers.upgrade?.toLowerCase() === "websocket";
  return {
    ...only({ ...headersDistinct, [PROTOCOLS]: protocolsOf(headers[PROTOCOLS]) }, ASKED),
    ...(isUpgrade ? { connection: "Upgrade", upgrade: "websocket" } : {}),
  };
}

const PROTOCOLS = "sec-websocket-protocol";

/** Without the token among them, which is the hub's. */
function protocolsOf(header: string | undefined): string[] {
  const offered = (header ?? "").split(",").map((one) => one.trim());
  const told = offered.filter((one) => one !== "" && !one.startsWith(TOKEN_SUBPROTOCOL));
  return told.length === 0 ? [] : [told.join(", ")];
}

/** Nothing that a worker answers is a page of the hub's, whatever the worker says that it is. */
export function answerHeaders({ headersDistinct }: IncomingMessage): Headers {
  return { ...only(headersDistinct, ANSWERED), "content-security-policy": "sandbox; default-src 'none'" };
}

/** The beginning of an answer on a connection that is no longer the server's. */
export function switchedHead(answer: IncomingMessage, own: Record<string, string>): string {
  const headers = { ...SECURITY_HEADERS, ...answerHeaders(answer), ...own };
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`));
  const status = answer.statusCode ?? 502;
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`, ...lines, "", ""].join("\r\n");
}

function only(headers: NodeJS.Dict<string[]>, names: ReadonlySet<string>): Headers {
  const kept: Headers = {};
  for (const [name, values = []] of Object.entries(headers)) {
    const [first] = values;
    if (first !== undefined && passes(names, name)) kept[name] = values.length === 1 ? first : values;
  }
  return kept;
}
