import type { TaskRecord } from "@ws/workspace-core";
import type { News } from "./news.ts";

/** What goes to a browser whose question is over. */
export interface Retraction {
  endpoint: string;
  message: { kind: News["kind"]; tag: string } & (
    | { over: true }
    | (Pick<News, "title" | "body" | "path"> & { silent: true })
  );
}

/** Which browsers show a question that is answered by now. Forgotten with the agent: what is shown then stays until somebody looks. */
export interface Retractions {
  /** The browser's push service has taken it. */
  told(record: TaskRecord, endpoint: string, news: News): void;
  /** What is to be sent now that the task is so; each once. */
  over(record: TaskRecord): Retraction[];
}

/** Questions beyond these are old. */
const MOST = 1_000;

export function createRetractions(): Retractions {
  const shown = new Map<string, { asked: string; news: News; endpoints: Set<string> }>();
  return {
    told(record, endpoint, news) {
      const known = shown.get(record.id);
      const endpoints = known?.asked === keyOf(record) ? known.endpoints : new Set<string>();
      shown.delete(record.id);
      shown.set(record.id, { asked: keyOf(record), news, endpoints: endpoints.add(endpoint) });
      for (const id of [...shown.keys()].slice(0, Math.max(0, shown.size - MOST))) shown.delete(id);
    },
    over(record) {
      const known = shown.get(record.id);
      if (known === undefined || known.asked === keyOf(record)) return [];
      shown.delete(record.id);
      return [...known.endpoints].flatMap((endpoint) => {
        const message = messageFor(endpoint, known.news);
        return message === undefined ? [] : [{ endpoint, message }];
      });
    },
  };
}

function keyOf({ status, attempt }: TaskRecord): string {
  return `${status} ${attempt}`;
}

/**
 * Browsers want each message to show something. Those built from Chromium allow some that do not; Firefox ends the subscription of
 * who does so too often, and is shown in its place, without a sound, that it is over; Safari ends it soon, and is left alone.
 */
function messageFor(endpoint: string, { tag, title, path, body }: News): Retraction["message"] | undefined {
  const { hostname } = new URL(endpoint);
  if (hostname.endsWith(".push.apple.com")) return undefined;
  // Less urgent than a question: a phone need not wake for it.
  const quiet = { kind: "finished", tag } as const;
  return hostname === "fcm.googleapis.com" || hostname.endsWith(".notify.windows.com")
    ? { ...quiet, over: true }
    : { ...quiet, title, body: `Over by now: ${body}`, path, silent: true };
}
