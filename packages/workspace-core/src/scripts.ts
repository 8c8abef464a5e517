import { orAborted } from "./aborted.ts";
import type { Engine } from "./engine.ts";
import { environmentOf } from "./process-environment.ts";
import { WsError } from "./errors.ts";
import { lines } from "./lines.ts";
import type { Box, ByteSource, Report, Script } from "./ports.ts";
import { timeLimit } from "./time-limit.ts";
import type { WorkspaceId, WorkspaceRecord } from "./workspace.ts";

const TIME_LIMIT_MS = 600_000;
/** What a shell says of a program that is not there. */
const NOT_FOUND = 127;

/**
 * Runs the worker's scripts in the workspace, one after the other, as its user. Throws `script_failed` only for a script
 * that says so. A run interrupted by a crash is ended before the script is run again.
 */
export async function runScripts(
  engine: Engine,
  record: WorkspaceRecord,
  box: Box,
  options: { report: Report; signal: AbortSignal },
): Promise<void> {
  for (const script of await engine.setup.scripts(record)) {
    options.report({ message: script.name });
    if (script.background === true) {
      runBeside(engine, record, box, script);
      continue;
    }
    const code = await runAndTell(engine, record, box, script, options.signal);
    if (code === 0) continue;
    const message = endedWith(script, code);
    engine.records.log(record.id, "script", message);
    if (script.failOnError !== true) continue;
    throw new WsError("script_failed", {
      message,
      next:
        script.content === undefined
          ? `Put it there, or name another with 'ws config set scripts.post_start FILE'. Then run 'ws start ${record.name}'.`
          : `Read its output: ws logs ${record.name}. Then fix the script and run 'ws start ${record.name}'.`,
      data: { script: script.name, exitCode: code },
    });
  }
}

/** Not under the signal of the start, which may be over long before. */
function runBeside(engine: Engine, record: WorkspaceRecord, box: Box, script: Script): void {
  runAndTell(engine, record, box, script, new AbortController().signal)
    .then((code) => {
      if (code !== 0) engine.records.log(record.id, "script", endedWith(script, code));
    })
    .catch((error: unknown) => {
      engine.log.debug("a script did not run to its end", { workspace: record.name, script: script.name, error });
    });
}

function endedWith(script: Script, code: number): string {
  if (script.content === undefined) return `The worker has no script ${script.name}.`;
  return `The script ${script.name} ended with exit code ${code}.`;
}

async function runAndTell(...run: Parameters<typeof runScript>): Promise<number> {
  const [engine, record, , { name, content }] = run;
  const begunAt = engine.clock.monotonic();
  const exitCode = await runScript(...run);
  if (content === undefined) return exitCode;
  const ms = engine.clock.monotonic() - begunAt;
  const outcome = exitCode === 0 ? "done" : "failed";
  const workspace = { id: record.id, name: record.name };
  engine.decisions.add({ action: "script", workspace, outcome, reason: name, ran: { exitCode, ms } });
  return exitCode;
}

async function runScript(
  engine: Engine,
  record: WorkspaceRecord,
  box: Box,
  script: Script,
  signal: AbortSignal,
): Promise<number> {
  const { content } = script;
  if (content === undefined) return NOT_FOUND;
  const directory = `${box.home}/.ws/scripts`;
  const path = `${directory}/${script.name}`;
  using limit = timeLimit(engine.clock, TIME_LIMIT_MS);
  const ending = AbortSignal.any([signal, limit.signal]);
  const prepare = async (): Promise<void> => {
    await Promise.all([box.endGroup(groupOf(script), ending), box.files.mkdir(directory, ending)]);
    await box.files.write(path, content, { mode: 0o700, signal: ending });
  };
  const cwd = record.directory;
  try {
    // The workspace may hold up also what is no process of its own.
    await orAborted(prepare(), ending);
    const process = await box.run([path], {
      ...(cwd === undefined ? {} : { cwd }),
      env: await environmentOf(engine, record, box),
      group: groupOf(script),
      signal: ending,
    });
    const [exit] = await Promise.all([
      process.exit,
      logLines(engine, record.id, process.stdout),
      logLines(engine, record.id, process.stderr),
    ]);
    return exit.code;
  } catch (error) {
    if (!limit.signal.aborted || signal.aborted) throw error;
    engine.records.log(record.id, "script", `${script.name} was ended after ${TIME_LIMIT_MS / 1000} s.`);
    return 124;
  }
}

function groupOf(script: Script): string {
  return `script-${script.name.replace(/[^a-zA-Z0-9-]/g, "-")}`;
}

async function logLines(engine: Engine, id: WorkspaceId, source: ByteSource): Promise<void> {
  for await (const line of lines(source)) engine.records.log(id, "script", line);
}
