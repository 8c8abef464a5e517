import { formatAuthority } from "../../hosts.ts";
import { answerGranted } from "./answer-granted.ts";
import { askWithSecret } from "../forge/ask-forge.ts";
import { type Body, bytesBody } from "../forge/bodies.ts";
import { DiskFull } from "../limits/free-space.ts";
import { grantedHeaders } from "../protocol/headers.ts";
import { inspectPush } from "../push/inspect.ts";
import type { Granted, Pushing } from "./granted.ts";
import { asked, type Passage } from "./passage.ts";
import { MalformedPush, readPktLines } from "../protocol/pkt-line.ts";
import { type PushHead, readPushHead } from "../push/commands.ts";
import { looksInside, type PushRules, refusalOf } from "../push/policy.ts";
import { reportRefusals } from "../push/report.ts";
import { spoolPush } from "../push/spool.ts";
import { inWords } from "../forge/refusals.ts";
import { RouteRefused } from "../protocol/routes.ts";
import { scrubbedText } from "../forge/scrub.ts";

const MAX_HEAD_BYTES = 1_048_576;
const ADVICE = "'ws credential grant' on the worker changes what it may push.";

/**
 * Takes a push as a whole, judges it, and only then sends the very same bytes to the forge, again where a token ended
 * meanwhile. Resolves to the answer's status.
 */
export async function leadPush(passage: Passage, granted: Granted, pushing: Pushing): Promise<number> {
  const { request, response, signal } = passage;
  if (request.headers["content-encoding"] !== undefined) throw malformed("it is compressed");
  const reader = readPktLines(request.iterator({ destroyOnReturn: false }), MAX_HEAD_BYTES);
  const head = await readPushHead(reader).catch((error: unknown) => {
    throw error instanceof MalformedPush ? malformed(error.message) : error;
  });
  if (head.commands.length === 0) {
    // Git asks so whether it will be let in before it sends much.
    for await (const _ of reader.rest()) throw malformed("it brings a pack for nothing");
    return send(bytesBody(reader.taken()));
  }
  const rules = granted.rules();
  const refused = new Map(head.commands.flatMap((command) => reasonFor(command, rules)));
  if (refused.size > 0) return report(refused);

  try {
    const { objectFormat } = head;
    const { scratch, freeBytes, account } = pushing;
    const spooling = { objectFormat, scratch, freeBytes, account };
    await using spool = await spoolPush(reader.rest(), spooling);
    if (looksInside(head.commands, rules)) {
      const upward = pushing.upward(spool, head, signal);
      const { known } = pushing;
      const found = await pushing.alone(() => inspectPush({ spool, head, rules, known, upward, signal }));
      if (found.size > 0) return await report(found);
    }
    await spool.unlink();
    // Looking takes a while, in which the right may have been taken away.
    granted.rules();
    return await send(spool.body(reader.taken()));
  } catch (error) {
    signal.throwIfAborted();
    // Of a push git shows its user only what a report says, not a refused request's text.
    if (error instanceof DiskFull) return await report(toAll("the worker's disk is nearly full"), FULL);
    return await report(toAll(inWords(error).message), BROKEN_OFF);
  }

  async function send(body: Body): Promise<number> {
    const answer = await askWithSecret(
      asked(passage, grantedHeaders(request.headers, passage.route), body),
      granted.secret,
    );
    const status = answer.message.statusCode ?? 502;
    if (status < 300) return answerGranted(passage, answer);
    const said = (await scrubbedText(answer.message, answer.secret).catch(() => undefined)) ?? "";
    const host = formatAuthority(passage.route.authority);
    const who = status >= 500 ? `Workspace cannot reach ${host}: it` : host;
    throw new RouteRefused(status, `${who} answered with the status ${status}: ${said.trim().slice(0, 300)}`);
  }

  async function report(reasons: ReadonlyMap<string, string>, advice = ADVICE): Promise<number> {
    // Git reads an answer only after it has sent everything.
    for await (const _ of reader.rest()) signal.throwIfAborted();
    reportRefusals(response, head, reasons, advice);
    return 403;
  }

  function toAll(reason: string): Map<string, string> {
    return new Map(head.commands.map(({ ref }) => [ref, reason]));
  }
}

const FULL = "Free some space on the worker: 'ws list' shows the workspaces, 'ws delete' removes one.";
const BROKEN_OFF = "'git fetch' shows what the server has.";

function reasonFor(command: PushHead["commands"][number], rules: PushRules): [string, string][] {
  const reason = refusalOf(command, rules);
  return reason === undefined ? [] : [[command.ref, reason]];
}

function malformed(why: string): RouteRefused {
  return new RouteRefused(400, `Workspace refused this push: ${why}.`);
}
