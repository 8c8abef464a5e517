import {
  type Box,
  type Bytes,
  type Clock,
  confinedFault,
  createByteQueue,
  inTime,
  isConfinedFault,
  oneLine,
  orAborted,
  runPerl,
  throwIfAborted,
  toWsError,
  WsError,
} from "@ws/workspace-core";

import { createFrameReader, toFrame } from "./frames.ts";
import { FILE_SERVER_SCRIPT } from "./script/script.ts";
import { nonsense } from "./nonsense.ts";

export interface FileServerOptions {
  run: Box["run"];
  clock: Pick<Clock, "sleep">;
  traffic: "interactive" | "bulk";
  /** Called once it has ended, however. */
  onEnd: () => void;
}

/** What a request is about, for what goes wrong with it. */
export interface About {
  path: string;
  root: string;
  to?: string;
}

/** One process in the workspace that reads and writes its files. It does one request after another. */
export interface FileServer {
  /** The fields of the answer; those of its parts go to `onPart`. Aborting ends the wait: the answer then goes to `onLate`. */
  ask(request: readonly (string | Bytes)[], options: AskOptions): Promise<Buffer[]>;
  /** Aborts, with the reason, once it has ended. */
  readonly gone: AbortSignal;
  /** Lets it drop what it holds and end. */
  end(): void;
}

export interface AskOptions {
  about: About;
  signal?: AbortSignal | undefined;
  onPart?: ((fields: Buffer[]) => void) | undefined;
  onLate?: (fields: Buffer[]) => void;
}

interface Waiting {
  /** Of the parts that have come. */
  size: number;
  about: About;
  onPart: (fields: Buffer[]) => void;
  resolve: (fields: Buffer[]) => void;
  reject: (error: unknown) => void;
}

/** Some hundred thousand entries. */
const LONGEST_ANSWER = 64 * 1024 * 1024;
/** What a field takes besides its bytes, which may be none. */
const FIELD = 64;
/** How long a request that nobody waits for any more may take until its file server is taken to be stuck. */
const STUCK_MS = 10_000;

export async function startFileServer({ run, clock, traffic, onEnd }: FileServerOptions): Promise<FileServer> {
  const input = createByteQueue();
  const ending = new AbortController();
  const waiting: Waiting[] = [];
  const gone = new AbortController();

  const process = await runPerl(run, [FILE_SERVER_SCRIPT], {
    stdin: input.source,
    signal: ending.signal,
    graceMs: 100,
    traffic,
  }).catch((error: unknown) => {
    onEnd();
    throw error;
  });
  process.exit.catch(() => undefined);

  // What it does not answer is told when it ends; what it holds it drops at the end of its input.
  const fail = (reason: unknown): void => {
    if (gone.signal.aborted) return;
    const error = toWsError(reason);
    gone.abort(error);
    input.end();
    onEnd();
    for (const each of waiting.splice(0)) each.reject(error);
  };
  const frames = createFrameReader(([kind = Buffer.alloc(0), ...fields]) => {
    const what = kind.toString("latin1");
    const first = waiting[0];
    if (first === undefined) throw nonsense("an answer that nobody asked for");
    if (what === "part") {
      first.size += fields.reduce((sum, { length }) => sum + length + FIELD, FIELD);
      if (first.size > LONGEST_ANSWER) throw nonsense(`more than ${LONGEST_ANSWER} bytes`);
      return first.onPart(fields);
    }
    if (what !== "done" && what !== "fault") throw nonsense("no answer");
    waiting.shift();
    if (what === "done") first.resolve(fields);
    else first.reject(faultOf(fields, first.about));
  });
  const listen = async (): Promise<void> => {
    for await (const chunk of process.stdout) frames.push(chunk);
    throw ended();
  };
  listen().catch((error: unknown) => {
    fail(error);
    ending.abort();
  });

  return {
    async ask(request, { about, signal, onPart = () => undefined, onLate = () => undefined }) {
      throwIfAborted(gone.signal);
      const answer = Promise.withResolvers<Buffer[]>();
      waiting.push({ size: 0, about, onPart, resolve: answer.resolve, reject: answer.reject });
      input.push(toFrame(request));
      try {
        return await orAborted(answer.promise, signal);
      } catch (error) {
        if (signal?.aborted === true) {
          const settled = answer.promise.then(onLate, () => undefined);
          inTime(clock, { ms: STUCK_MS, late: ended }, () => settled).catch((late: unknown) => {
            fail(late);
            ending.abort();
          });
        }
        throw error;
      }
    },
    gone: gone.signal,
    end: () => fail(ended()),
  };
}

function faultOf([name, whose, why]: readonly Buffer[], about: About): WsError {
  const fault = name?.toString("latin1") ?? "";
  const reason = oneLine(why?.toString("utf8").slice(0, 200) ?? "");
  if (!isConfinedFault(fault)) return nonsense(`${fault} ${reason}`);
  const path =
    whose?.toString("latin1") === "root" ? about.root : whose?.toString("latin1") === "to" ? about.to : undefined;
  return confinedFault(fault, path ?? about.path, reason === "" ? undefined : reason);
}

function ended(): WsError<"internal"> {
  return new WsError("internal", {
    message: "What reads and writes the workspace's files was ended there.",
    next: "Try again; it is started again.",
    data: {},
  });
}
