import { orAborted } from "./aborted.ts";
import type { Engine } from "./engine.ts";
import { lines } from "./lines.ts";
import type { Box, ByteSource, Script } from "./ports.ts";
import { environmentOf } from "./process-environment.ts";
import { timeLimit } from "./time-limit.ts";
import type { WorkspaceId, WorkspaceRecord } from "./workspace.ts";

const TIME_LIMIT_MS = 600_000;
/** What a shell says of a program that is not there, of one that cannot be run, and `timeout` of one that it ended. */
const NOT_FOUND = 127;
const NOT_RUN = 126;
const TIMED_OUT = 124;

/** Takes a line of a script, or one about it. */
export type Say = (line: string) => void;

/** Into the log of the workspace, where the lines of all its scripts stand. */
export function sayInLog({ records }: Pick<Engine, "records">, id: WorkspaceId): Say {
  return (line) => records.log(id, "script", line);
}

/** Why it cannot be run at all. */
export function problemOf({ name, content, path, problem }: Script): string | undefined {
  if (problem !== undefined) return problem;
  return content === undefined && path === undefined ? `The worker has no script ${name}.` : undefined;
}

/** Runs a script as the workspace's user, with its output in the log and its end in the audit. Resolves to its exit code. */
export async function runScript(...run: Parameters<typeof runToEnd>): Promise<number> {
  const [engine, record, , script] = run;
  if (problemOf(script) !== undefined) return script.problem === undefined ? NOT_FOUND : NOT_RUN;
  const begunAt = engine.clock.monotonic();
  const exitCode = await runToEnd(...run);
  const ms = engine.clock.monotonic() - begunAt;
  const outcome = exitCode === 0 ? "done" : "failed";
  const workspace = { id: record.id, name: record.name };
  engine.decisions.add({ action: "script", workspace, outcome, reason: script.name, ran: { exitCode, ms } });
  return exitCode;
}

async function runToEnd(
  engine: Engine,
  record: WorkspaceRecord,
  box: Box,
  script: Script,
  { signal, say = sayInLog(engine, record.id) }: { signal: AbortSignal; say?: Say },
): Promise<number> {
  const limitMs = script.timeoutMs ?? TIME_LIMIT_MS;
  using limit = timeLimit(engine.clock, limitMs);
  const ending = AbortSignal.any([signal, limit.signal]);
  const cwd = record.directory;
  try {
    // The workspace may hold up also what is no process of its own.
    const path = await orAborted(putThere(box, script, ending), ending);
    const process = await box.run([path], {
      ...(cwd === undefined ? {} : { cwd }),
      env: await environmentOf(engine, record, box),
      group: groupOf(script),
      signal: ending,
    });
    const [exit] = await Promise.all([process.exit, sayLines(process.stdout, say), sayLines(process.stderr, say)]);
    return exit.code;
  } catch (error) {
    if (!limit.signal.aborted || signal.aborted) throw error;
    say(`${script.name} was ended after ${limitMs / 1000} s.`);
    return TIMED_OUT;
  }
}

/** Ends what an earlier run left, and resolves to where the script lies by then. */
async function putThere(box: Box, { name, content, path, ...script }: Script, signal: AbortSignal): Promise<string> {
  if (content === undefined && path !== undefined) {
    await box.endGroup(groupOf({ name, ...script }), signal);
    return path;
  }
  const directory = `${box.home}/.ws/scripts`;
  const at = `${directory}/${name}`;
  await Promise.all([box.endGroup(groupOf({ name, ...script }), signal), box.files.mkdir(directory, signal)]);
  await box.files.write(at, content ?? new Uint8Array(), { mode: 0o700, signal });
  return at;
}

function groupOf({ name }: Pick<Script, "name">): string {
  return `script-${name.replace(/[^a-zA-Z0-9-]/g, "-")}`;
}

async function sayLines(source: ByteSource, say: Say): Promise<void> {
  for await (const line of lines(source)) say(line);
}
