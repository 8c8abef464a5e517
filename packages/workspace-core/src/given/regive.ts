import { orAborted } from "../aborted.ts";
import type { Engine } from "../engine.ts";
import { isWsError } from "../errors.ts";
import { inTurn } from "../in-turn.ts";
import { inTime } from "../time-limit.ts";
import { statusOf, type WorkspaceId, type WorkspaceRecord } from "../workspace.ts";
import { giveFiles, isUpToDate, marksOf } from "./give-files.ts";
import { variablesOf } from "./variables.ts";

/** Each may hold the worker's files in memory. */
const AT_ONCE = 3;
/** It is a moment's work, but the workspace can hold up whoever writes there. */
const PATIENCE_MS = 30_000;

const COMING_UP: ReadonlySet<string> = new Set(["create", "start", "restart"]);
const GOING_DOWN: ReadonlySet<string> = new Set(["stop", "delete"]);

/**
 * Brings what has changed of the worker's setup to the workspaces that run; one that just comes up gets it once it is up, and a stopped one
 * at its next start. Resolves when all that run have it, or cannot be given it, which is a line in their logs.
 */
export function createRegive(engine: Engine, closing: AbortSignal): () => Promise<void> {
  /** One at a time in each workspace; who comes meanwhile shares the next one. */
  const turns = new Map<WorkspaceId, { now: Promise<void>; next?: Promise<void> }>();

  function inItsTurn(id: WorkspaceId): Promise<void> {
    const turn = turns.get(id);
    if (turn === undefined) return begin(id);
    turn.next ??= turn.now.then(() => begin(id));
    return turn.next;
  }

  function begin(id: WorkspaceId): Promise<void> {
    const now = regiveOne(engine, id, closing).finally(() => {
      const mine = turns.get(id);
      if (mine?.now === now && mine.next === undefined) turns.delete(id);
    });
    turns.set(id, { now });
    return now;
  }

  return async () => {
    const records = engine.store.list();
    const late = records.filter(({ operation }) => COMING_UP.has(operation?.kind ?? ""));
    for (const { id } of late) void engine.operations.idle(id).then(() => inItsTurn(id));
    for await (const _ of inTurn(records.filter(isUp), ({ id }) => inItsTurn(id), { most: AT_ONCE }));
  };
}

function isUp(record: WorkspaceRecord): boolean {
  const kind = record.operation?.kind ?? "";
  return statusOf(record) === "running" && !COMING_UP.has(kind) && !GOING_DOWN.has(kind);
}

async function regiveOne(engine: Engine, id: WorkspaceId, closing: AbortSignal): Promise<void> {
  const record = engine.store.get(id);
  if (record === undefined || !isUp(record) || closing.aborted) return;
  const { name } = record;
  const late = (): Error => new Error(`not done within ${PATIENCE_MS / 1_000} s`);
  try {
    const isNew = await inTime(engine.clock, { ms: PATIENCE_MS, signal: closing, late }, async (signal) => {
      const [files, variables] = await Promise.all([
        bringFiles(engine, record, signal),
        lookAtVariables(engine, record),
      ]);
      return files || variables;
    });
    if (isNew) engine.events.emit({ type: "credentials", id, name });
  } catch (error) {
    // It was stopped meanwhile, and gets everything at its next start.
    if (closing.aborted || isWsError(error, "box_closed")) return;
    engine.log.warn("what changed of the worker's credentials did not reach a workspace", { workspace: name, error });
  }
}

async function bringFiles(engine: Engine, record: WorkspaceRecord, signal: AbortSignal): Promise<boolean> {
  const files = (await engine.setup.files?.(record)) ?? [];
  const before = record.given;
  // Started by an agent that kept no record: it has what there was.
  if (before === undefined) {
    const given = await marksOf(files);
    engine.records.note(record.id, (current) => ({ given, ...current }));
    return false;
  }
  if (await isUpToDate(files, before)) return false;
  const box = await orAborted(engine.boxes.open(record), signal);
  return giveFiles(engine, record, box, { files, before, anew: false, signal });
}

/** Processes that begin have what there is by then; this tells those who are in it that others have begun with something else. */
async function lookAtVariables(engine: Engine, record: WorkspaceRecord): Promise<boolean> {
  const before = engine.told.get(record.id);
  const now = await variablesOf(engine, record);
  engine.told.set(record.id, now);
  return before !== undefined && before !== now;
}
