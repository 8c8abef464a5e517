import { once } from "node:events";
import type { ClientChannel } from "ssh2";
import { RouteRefused } from "../protocol/routes.ts";

const KEPT = 4_096;

/** What a server's program says beside its answer, and how it ends. */
export interface Complaint {
  /** Whether it ended well; waits for that. */
  endedWell(): Promise<boolean>;
  /** Why it does not serve, in words for git's user; `said` is a line in which it told so. Waits for its end. */
  refusal(said: Buffer | undefined): Promise<RouteRefused>;
}

export function createComplaint(channel: ClientChannel, { host, url }: { host: string; url: string }): Complaint {
  let text = "";
  let code: number | undefined;
  channel.stderr.on("data", (chunk: Buffer) => {
    if (text.length < KEPT) text += chunk.toString("utf8");
  });
  channel.on("exit", (exit: number | null) => (code = exit ?? undefined));
  const closed = once(channel, "close");
  closed.catch(() => undefined);
  return {
    async endedWell() {
      await closed;
      return code === 0;
    },
    async refusal(said) {
      await closed;
      const words = `${text}\n${said?.toString("utf8").replace(/^ERR /, "") ?? ""}`;
      const lines = words.split(/[\r\n]+/).map((line) => line.replace(/\p{C}+/gu, " ").trim());
      const reason = lines.find((line) => SIGNS.some(([sign]) => sign.test(line))) ?? lines.find((line) => line !== "");
      const [, status, begins] = SIGNS.find(([sign]) => sign.test(reason ?? "")) ?? ELSE;
      const because =
        reason === undefined
          ? "it ended without a word"
          : reason.replace(/^(?:(?:remote|ERROR|fatal|error): )+/, "").replace(/\.$/, "");
      return new RouteRefused(status, `${begins(url, host)}: ${because.slice(0, 300)}.`);
    },
  };
}

type Sign = readonly [RegExp, number, (url: string, host: string) => string];

const SIGNS: readonly Sign[] = [
  [
    /not found|not appear to be a git repository|could not be found|no such (?:repo|project)|does not exist/i,
    404,
    (url) => `Repository not found: ${url}, where the worker's key has access`,
  ],
  [
    /denied|permission|not (?:allowed|authori[sz]ed|permitted)|read[- ]only|forbidden|access/i,
    403,
    (url) => `Authentication failed: the worker's key may not do this to ${url}`,
  ],
];
const ELSE: Sign = [/^/, 502, (_, host) => `Workspace cannot reach ${host}`];
