import { request as httpRequest, type RequestOptions } from "node:http";
import type { Target } from "../target.ts";

/** What sends a request to the target, and what it needs beside the URL. What speaks TLS is loaded where that is spoken. */
export async function wayTo(target: Target): Promise<{ send: typeof httpRequest; options: RequestOptions }> {
  if (target.kind === "socket") return { send: httpRequest, options: { socketPath: target.path } };
  if (!target.url.startsWith("https:") && target.pin === undefined) return { send: httpRequest, options: {} };
  const [{ request: send }, { secureAgent }] = await Promise.all([import("node:https"), import("./pinned.ts")]);
  const agent = secureAgent(target);
  return { send, options: agent === undefined ? {} : { agent } };
}
