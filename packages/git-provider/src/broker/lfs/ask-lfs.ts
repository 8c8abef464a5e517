import { formatAuthority } from "../../hosts.ts";
import { type Answer, askForge, askWithSecret } from "../forge/ask-forge.ts";
import { type Body, bytesBody } from "../forge/bodies.ts";
import { askedHeaders } from "../protocol/headers.ts";
import { asked } from "../lead/passage.ts";
import { notGranted } from "../forge/refusals.ts";
import { RouteRefused } from "../protocol/routes.ts";
import { scrub } from "../forge/scrub.ts";
import { JSON_HEADERS, parseJson, textOf } from "./json.ts";
import type { LfsPassage, LfsPlace } from "./passage.ts";

const MAX_ANSWER_BYTES = 8_388_608;

/** Asks the forge's Git LFS; resolves to what it says where it says yes. Throws `RouteRefused`. */
export async function askLfs(
  passage: LfsPassage,
  { reading }: Pick<LfsPlace, "reading">,
  body?: unknown,
): Promise<unknown> {
  const sent = bytesBody(Buffer.from(body === undefined ? "" : JSON.stringify(body)));
  const answer = await ask(passage, sent);
  const { message } = answer;
  const status = message.statusCode ?? 502;
  const isMoved = status >= 300 && status < 400;
  const value = isMoved ? undefined : await reading(() => valueOf(answer));
  message.destroy();
  if (status < 300 && value !== undefined) return value;
  throw refusalOf(passage, answer, { status, value });
}

/** With the worker's credential, or else whatever the workspace itself has. */
async function ask(passage: LfsPassage, body: Body): Promise<Answer> {
  const { request, route, granted } = passage;
  const { authorization, "user-agent": agent } = askedHeaders(request.headers, route);
  const headers = { ...JSON_HEADERS, ...(agent === undefined ? {} : { "user-agent": agent }) };
  if (granted !== undefined) return askWithSecret(asked(passage, headers, body), granted.secret);
  const own = authorization === undefined ? headers : { ...headers, authorization };
  return { message: await askForge(asked(passage, own, body), undefined), secret: undefined };
}

function refusalOf(
  { route, granted, request }: LfsPassage,
  { message, secret }: Answer,
  { status, value }: { status: number; value: unknown },
): RouteRefused {
  const host = formatAuthority(route.authority);
  const url = `https://${host}/${route.repository}`;
  if (granted === undefined && status === 401) {
    // The first one makes git-lfs ask the helpers of the workspace.
    return route.knowsNone === true
      ? notGranted(route, 401)
      : new RouteRefused(401, `${host} wants to be shown a credential for ${url}.`);
  }
  const isAnonymous = granted === undefined && request.headers.authorization === undefined;
  if (status === 404 && isAnonymous && value === undefined) return notGranted(route, 404);
  if (status >= 300 && status < 400) {
    const there = URL.parse(scrub(message.headers.location ?? "", secret), url);
    const where = there === null ? "elsewhere" : there.origin + there.pathname.replace(/\/info\/lfs\/.*$/, "");
    return new RouteRefused(502, `Workspace does not lead there: the repository moved to ${where}; clone that URL.`);
  }
  if (status < 300 || [404, 405, 410, 501].includes(status)) {
    const answered = status < 300 ? "what it answers is not of Git LFS" : `it answered with the status ${status}`;
    const what = route.call.name === "batch" ? "Git LFS" : "locks of Git LFS";
    return new NoLfs(`Workspace found no ${what} at the server of ${url}: ${answered}${wordsOf(value)}.`);
  }
  const who = status >= 500 ? `Workspace cannot reach ${host}: it` : host;
  return new RouteRefused(status, `${who} answered Git LFS with the status ${status}${wordsOf(value)}.`);
}

/** Thrown for a forge that has none of what was asked for. */
export class NoLfs extends RouteRefused {
  constructor(message: string) {
    super(501, message);
  }
}

function wordsOf(value: unknown): string {
  const { message } = (typeof value === "object" && value !== null ? value : {}) as { message?: unknown };
  if (typeof message !== "string" || message === "") return "";
  return `: ${message
    .replace(/\p{C}+/gu, " ")
    .slice(0, 300)
    .trim()
    .replace(/\.$/, "")}`;
}

async function valueOf({ message, secret }: Answer): Promise<unknown> {
  const text = await textOf(message, MAX_ANSWER_BYTES);
  if (text === undefined) return undefined;
  try {
    const value = parseJson(scrub(text, secret));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
