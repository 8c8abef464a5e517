import { createHash } from "node:crypto";
import { canonicalJson } from "@ws/workspace-core";

/** What a server of tools offers now. */
export interface Offer {
  /** SHA-256, in hexadecimal digits, of all that a coding tool would read of it: names, descriptions, forms of input, and the server's own instructions. */
  sha256: string;
  tools: { name: string; description: string }[];
}

const MOST_TOOLS = 1_000;
const MOST_PAGES = 50;
const LONGEST = 4 * 1024 * 1024;
/** Of all its answers together, as bytes: JSON may write one character as six. */
const MOST_BYTES = 6 * LONGEST;

/** Asks a server which tools it has. Throws whatever keeps it from answering, and for more than anybody could approve. */
export async function lookAtServer(url: string, options: { version: string; signal: AbortSignal }): Promise<Offer> {
  const { version, signal } = options;
  const { Client, StreamableHTTPClientTransport } = await import("@modelcontextprotocol/client");
  const client = new Client({ name: "ws", version });
  // Where it would lead on to is no address that anybody named.
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { redirect: "error", signal },
    fetch: fetchAtMost(MOST_BYTES),
  });
  try {
    await client.connect(transport, { signal });
    const tools: Tools = [];
    let cursor: string | undefined;
    for (let page = 0; page === 0 || cursor !== undefined; page += 1) {
      const answer = await client.listTools(cursor === undefined ? {} : { cursor }, { signal });
      tools.push(...answer.tools);
      cursor = answer.nextCursor;
      if (tools.length > MOST_TOOLS || page >= MOST_PAGES) throw new Error(`it has more than ${MOST_TOOLS} tools`);
    }
    return offerOf(tools, client.getInstructions());
  } finally {
    await client.close().catch(() => undefined);
  }
}

/** Reads no more than that: what answers without an end would fill the memory until nobody waits for it. */
function fetchAtMost(most: number): (url: string | URL, init?: RequestInit) => Promise<Response> {
  let left = most;
  return async (url, init) => {
    const answer = await fetch(url, init);
    if (answer.body === null) return answer;
    const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        left -= chunk.length;
        if (left < 0) controller.error(tooMuch());
        else controller.enqueue(chunk);
      },
    });
    return new Response(answer.body.pipeThrough(counted), answer);
  };
}

type Tools = { name: string; description?: string | undefined }[];

function offerOf(tools: Tools, instructions: string | undefined): Offer {
  // The order in which they are told is no part of what they are.
  const sorted = tools.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const text = canonicalJson({ instructions: instructions ?? "", tools: sorted });
  if (text.length > LONGEST) throw tooMuch();
  return {
    sha256: createHash("sha256").update(text).digest("hex"),
    tools: sorted.map(({ name, description = "" }) => ({ name, description })),
  };
}

function tooMuch(): Error {
  return new Error("it says more of its tools than anybody could approve");
}
