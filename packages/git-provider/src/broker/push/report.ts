import type { ServerResponse } from "node:http";
import { FLUSH, pktLine } from "../protocol/pkt-line.ts";
import type { PushHead } from "./commands.ts";
import { RouteRefused } from "../protocol/routes.ts";

/**
 * Refuses a whole push in git's own words, so that git prints each ref with its reason and fails; the first reason and the
 * advice stand as a `remote:` line above. Throws `RouteRefused` for a git that wants no report.
 */
export function reportRefusals(
  response: ServerResponse,
  { commands, capabilities }: PushHead,
  refusals: ReadonlyMap<string, string>,
  advice: string,
): void {
  const [[firstRef = "", firstReason = ""] = []] = refusals;
  const words = `Workspace refused the push of ${shortName(firstRef)}: ${plain(firstReason)}. ${advice}`;
  if (!capabilities.has("report-status") && !capabilities.has("report-status-v2")) throw new RouteRefused(403, words);
  const lines = commands.map(({ ref }) => {
    const reason = refusals.get(ref) ?? `refused together with ${firstRef}`;
    return pktLine(`ng ${ref} ${plain(reason)}\n`);
  });
  const report = Buffer.concat([pktLine("unpack ok\n"), ...lines, FLUSH]);
  const isBanded = capabilities.has("side-band-64k");
  response.writeHead(200, { "Content-Type": "application/x-git-receive-pack-result", "Cache-Control": "no-cache" });
  if (!isBanded) return void response.end(report);
  const bands = [band(2, Buffer.from(`${words}\n`)), ...inBands(report), FLUSH];
  response.end(Buffer.concat(bands));
}

/** One line, as a report has them. */
function plain(reason: string): string {
  return reason
    .replace(/\p{C}+/gu, " ")
    .replace(/\.$/, "")
    .slice(0, 500);
}

function shortName(ref: string): string {
  return ref.replace(/^refs\/(?:heads|tags)\//, "").slice(0, 200);
}

const MAX_BAND = 65_000;

function* inBands(report: Buffer): Generator<Buffer> {
  for (let at = 0; at < report.length; at += MAX_BAND) yield band(1, report.subarray(at, at + MAX_BAND));
}

function band(number: 1 | 2, content: Buffer): Buffer {
  return pktLine(Buffer.concat([Buffer.from([number]), content]));
}
