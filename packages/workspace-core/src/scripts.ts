import { devcontainerScripts } from "./devcontainer/in-workspace.ts";
import type { Engine } from "./engine.ts";
import { WsError } from "./errors.ts";
import { excerpt } from "./names.ts";
import { ownScript } from "./own-script.ts";
import type { Box, Report, Script } from "./ports.ts";
import { problemOf, runScript, sayInLog, type Say } from "./run-script.ts";
import { withStep } from "./records.ts";
import type { WorkspaceId, WorkspaceRecord } from "./workspace.ts";

/** How one script ended. */
export interface ScriptOutcome {
  script: string;
  exitCode: number;
}

interface Running {
  report: Report;
  signal: AbortSignal;
  /** Where lines go; into the log where nothing is said. */
  say?: Say;
}

/**
 * Runs the worker's scripts in the workspace, one after the other, as its user, then the one that its image has. Throws `script_failed` only for
 * a script that says so; how the others ended stands in the step. A run interrupted by a crash is ended before the script is run again.
 */
export async function runScripts(engine: Engine, record: WorkspaceRecord, box: Box, running: Running): Promise<void> {
  const outcomes: ScriptOutcome[] = [];
  try {
    for (const script of await scriptsOf(engine, record, box, running.signal)) {
      if (script.background === true) runBeside(engine, record, box, script);
      else outcomes.push(await runOne(engine, record, box, script, running));
    }
    await runDevcontainer(engine, record, box, running, outcomes);
  } finally {
    tell(engine, record.id, outcomes);
  }
}

/** What the repository's devcontainer.json has run; where one fails, those behind it would not find what they build upon. */
async function runDevcontainer(
  engine: Engine,
  record: WorkspaceRecord,
  box: Box,
  running: Running,
  outcomes: ScriptOutcome[],
): Promise<void> {
  const { created, started } = devcontainerScripts(record);
  for (const script of [...created, ...started]) {
    const outcome = await runOne(engine, record, box, script, running);
    outcomes.push(outcome);
    if (outcome.exitCode !== 0) break;
  }
  if (created.length === 0) return;
  engine.records.change(record.id, ({ devcontainer = { mode: "strict" }, ...current }) => ({
    ...current,
    devcontainer: { ...devcontainer, ran: true },
  }));
}

/** All of them again, or the one of this name, also one that a start does not wait for. Throws `invalid_input`, and `script_failed` as a start does. */
export async function runScriptsAgain(
  engine: Engine,
  record: WorkspaceRecord,
  box: Box,
  { only, ...running }: Running & { only: string | undefined },
): Promise<ScriptOutcome[]> {
  const { created, started } = devcontainerScripts(record, { all: true });
  // What is run once is only run again by its name.
  const once = created.filter(({ name }) => name === only);
  const scripts = [...(await scriptsOf(engine, record, box, running.signal)), ...once, ...started];
  const asked = only === undefined ? scripts : scripts.filter(({ name }) => name === only);
  if (only !== undefined && asked.length === 0) throw noSuchScript(only, scripts);
  const outcomes: ScriptOutcome[] = [];
  for (const script of asked) outcomes.push(await runOne(engine, record, box, script, running));
  return outcomes;
}

async function scriptsOf(engine: Engine, record: WorkspaceRecord, box: Box, signal: AbortSignal): Promise<Script[]> {
  const scripts = await engine.setup.scripts(record);
  const own = await ownScript(record, box, signal);
  if (own === undefined) return scripts;
  const timeoutMs = engine.setup.scriptTimeoutMs?.();
  // Whatever runs in the workspace may have put it there: it cannot fail a start, without which nobody could remove it.
  return [...scripts, { ...own, ...(timeoutMs === undefined ? {} : { timeoutMs }) }];
}

async function runOne(
  engine: Engine,
  record: WorkspaceRecord,
  box: Box,
  script: Script,
  { report, signal, say = sayInLog(engine, record.id) }: Running,
): Promise<ScriptOutcome> {
  report({ message: script.name });
  const exitCode = await runScript(engine, record, box, script, { signal, say });
  if (exitCode === 0) return { script: script.name, exitCode };
  const message = endedWith(script, exitCode);
  say(message);
  if (script.failOnError !== true) return { script: script.name, exitCode };
  const named = script.problem === undefined ? "Put it there" : "Put that right";
  throw new WsError("script_failed", {
    message,
    next:
      problemOf(script) === undefined
        ? `Read its output: ws logs ${record.name}. Then fix the script and run 'ws start ${record.name}'.`
        : `${named}, or name another with 'ws config set scripts.post_start FILE'. Then run 'ws start ${record.name}'.`,
    data: { script: script.name, exitCode },
  });
}

/** Not under the signal of the start, which may be over long before. */
function runBeside(engine: Engine, record: WorkspaceRecord, box: Box, script: Script): void {
  runScript(engine, record, box, script, { signal: new AbortController().signal })
    .then((code) => {
      if (code !== 0) engine.records.log(record.id, "script", endedWith(script, code));
    })
    .catch((error: unknown) => {
      engine.log.debug("a script did not run to its end", { workspace: record.name, script: script.name, error });
    });
}

function endedWith(script: Script, code: number): string {
  return problemOf(script) ?? `The script ${script.name} ended with exit code ${code}.`;
}

/** Where all went well there is nothing to say. */
function tell({ records }: Engine, id: WorkspaceId, outcomes: readonly ScriptOutcome[]): void {
  const failed = outcomes.filter(({ exitCode }) => exitCode !== 0);
  if (failed.length === 0) return;
  const done = `${outcomes.length - failed.length} of ${outcomes.length} done`;
  const message = [done, ...failed.map(({ script, exitCode }) => `${script} ended with ${exitCode}`)].join("; ");
  records.change(id, (record) => withStep(record, "scripts", { message }));
}

function noSuchScript(name: string, scripts: readonly Script[]): WsError<"invalid_input"> {
  const known = scripts.map((script) => script.name).join(", ");
  return new WsError("invalid_input", {
    message: `The worker has no script '${excerpt(name)}'.`,
    next: known === "" ? "Name one: ws config set scripts.post_start FILE." : `It has: ${known}.`,
    data: { field: "script" },
  });
}
