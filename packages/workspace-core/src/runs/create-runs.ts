import { abortedError, throwIfAborted } from "../aborted.ts";
import { isWsError } from "../errors.ts";
import { runToEnd, type ScriptOptions } from "../in-place/run-script.ts";
import { silence } from "../in-place/silence.ts";
import type { Argv, Box, Clock } from "../ports.ts";
import { refusal, said, stuck } from "./answers.ts";
import { parseRun } from "./parse-runs.ts";
import { PREAMBLE } from "./perl/preamble.ts";
import { END } from "./perl/end.ts";
import { FOLLOW } from "./perl/follow.ts";
import { KEEP } from "./perl/keep.ts";
import { LIST, REMOVE, WAIT } from "./perl/look.ts";
import { START } from "./perl/start.ts";
import { piecesOf } from "./read-run.ts";
import { requireOffset, requireRunId, runNotFound } from "./run-id.ts";
import { runPayload } from "./run-payload.ts";
import type { RunEnd, Runs, RunState } from "./runs.ts";

/** The runs of a place, held there by programs in Perl; each call throws `box_feature_missing` where the place has none. */
export function createRuns(box: Box, { clock }: { clock: Pick<Clock, "now" | "sleep"> }): Runs {
  const directory = `${box.home}/.local/state/ws/runs`;
  const now = (): number => Math.trunc(clock.now());
  const ask = async (
    program: string,
    args: readonly (string | number)[],
    options: Omit<ScriptOptions, "clock" | "who"> = {},
  ): Promise<string[]> =>
    said(await runToEnd(box, perlArgv(program, [directory, ...args]), { clock, who: WHO, ...options }));

  async function waitFor(id: string, signal: AbortSignal | undefined): Promise<RunEnd> {
    const leaving = new AbortController();
    const over = signal === undefined ? leaving.signal : AbortSignal.any([leaving.signal, signal]);
    try {
      const [line = ""] = await ask(WAIT, [id], {
        ms: Infinity,
        stdin: silence(over),
        signal,
        traffic: "interactive",
      });
      if (line === "none") throw runNotFound(id);
      const ended = parseRun(line)?.ended;
      if (ended === undefined) throw refusal(line);
      return ended;
    } finally {
      leaving.abort();
    }
  }

  return {
    async start(request) {
      const { id, cwd = box.home, keep, errors, timeoutMs = 0 } = request;
      requireRunId(id);
      const stdin = runPayload({ ...request, cwd });
      const apart = errors === "apart" ? 1 : 0;
      const args = [id, keep.head, keep.tail, apart, timeoutMs / 1000, now(), crypto.randomUUID()];
      const [line = ""] = await ask(KEEP + START, args, {
        stdin,
        traffic: stdin.length > SMALL ? "bulk" : "interactive",
      });
      const state = parseRun(line);
      if (state === undefined) throw refusal(line, { ...request, cwd });
      return state;
    },
    async list(signal) {
      const lines = await ask(LIST, [], { signal });
      return lines.map(parseRun).filter((state): state is RunState => state !== undefined);
    },
    async ended(id, signal) {
      requireRunId(id);
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await waitFor(id, signal);
        } catch (error) {
          // What waits there can be ended there, and that says nothing of the run.
          if (!isWsError(error, "internal") || attempt === ATTEMPTS) throw error;
          await clock.sleep(100, signal);
        }
      }
    },
    async *read(id, from, { stream = "output", live = true, signal } = {}) {
      requireRunId(id);
      requireOffset(from);
      throwIfAborted(signal);
      const leaving = new AbortController();
      const over = signal === undefined ? leaving.signal : AbortSignal.any([leaving.signal, signal]);
      try {
        const process = await box.run(perlArgv(FOLLOW, [directory, id, stream, from, live ? "live" : "now"]), {
          stdin: silence(over),
          signal: over,
          graceMs: 100,
          traffic: "bulk",
        });
        process.exit.catch(() => undefined);
        for await (const piece of piecesOf(process.stdout, from)) {
          if (piece === undefined) throw runNotFound(id);
          yield piece;
        }
      } catch (error) {
        if (signal?.aborted !== true) throw error;
      } finally {
        leaving.abort(abortedError(undefined));
      }
    },
    async end(id, { graceMs = 2_000, why = "cancelled" } = {}) {
      requireRunId(id);
      const args = [id, graceMs, why, now(), crypto.randomUUID()];
      const [line = ""] = await ask(END, args, { ms: graceMs + 60_000 });
      if (line === "stuck") throw stuck(id, graceMs);
      if (line !== "" && parseRun(line)?.ended === undefined) throw refusal(line);
    },
    async remove(id) {
      requireRunId(id);
      await ask(REMOVE, [id]);
    },
  };
}

const WHO = "What holds the workspace's runs";
const ATTEMPTS = 5;
/** What holds nobody up on the way that commands go. */
const SMALL = 64 * 1024;

/**
 * Perl as the system has it, not one that the workspace put before it, and without what the workspace sets for its own: that is kept for the
 * program.
 */
const PERL = `
for name in \${PERL5OPT+PERL5OPT} \${PERL5LIB+PERL5LIB} \${PERLLIB+PERLLIB} \${PERL5DB+PERL5DB} \${PERLIO+PERLIO} \${PERL_UNICODE+PERL_UNICODE}; do
  eval "export WS_KEPT_$name=\\"\\$$name\\"; unset $name"
done
perl=/usr/bin/perl
[ -e /proc/uptime ] || { echo 'missing /proc'; echo ok; exit 0; }
[ -x "$perl" ] || perl=$(command -v perl) || { echo 'missing perl'; echo ok; exit 0; }
exec "$perl" -e "$0" -- "$@"
`;

function perlArgv(program: string, args: readonly (string | number)[]): Argv {
  return ["sh", "-c", PERL, PREAMBLE + program, ...args.map(String)];
}
