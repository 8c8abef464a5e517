import type { WorkspaceInfo } from "@ws/rpc-contract";
import { parseDuration, parseSize } from "../create/form.ts";
import type { Change } from "./use-update.ts";

export interface LimitTexts {
  cpus: string;
  memory: string;
  processes: string;
}

export interface EndTexts {
  ttl: string;
  idle: string;
}

type Errors<T> = { [Field in keyof T]?: string };
/** What was typed as a change of what there is; nothing in it where nothing is otherwise. */
export type Parsed<T> = { change: Change } | { errors: Errors<T> };

const LEAST_MEMORY = 32 * 1024 ** 2;
const LONGEST_S = 31_536_000;

/** An empty field takes the limit away. */
export function limitsChange(typed: LimitTexts, { limits }: Pick<WorkspaceInfo, "limits">): Parsed<LimitTexts> {
  const cpus = given(typed.cpus, Number);
  const memoryBytes = given(typed.memory, parseSize);
  const processes = given(typed.processes, Number);
  const errors: Errors<LimitTexts> = {
    ...(cpus === null || cpus >= 0.01 ? {} : { cpus: "A number above 0, such as 2 or 0.5." }),
    ...(memoryBytes === null || memoryBytes >= LEAST_MEMORY
      ? {}
      : { memory: "A size of at least 32M, such as 512M or 4G." }),
    ...(processes === null || (Number.isSafeInteger(processes) && processes > 0)
      ? {}
      : { processes: "A whole number above 0." }),
  };
  if (Object.keys(errors).length > 0) return { errors };
  const next = {
    ...(cpus === (limits.cpus ?? null) ? {} : { cpus }),
    ...(memoryBytes === (limits.memoryBytes ?? null) ? {} : { memoryBytes }),
    ...(processes === (limits.processes ?? null) ? {} : { processes }),
  };
  return { change: Object.keys(next).length === 0 ? {} : { limits: next } };
}

/** An empty field means never. */
export function endsChange(
  typed: EndTexts,
  { ttlSeconds: ttlBefore, idleSeconds: idleBefore }: Pick<WorkspaceInfo, "ttlSeconds" | "idleSeconds">,
): Parsed<EndTexts> {
  const ttlSeconds = given(typed.ttl, parseDuration);
  const idleSeconds = given(typed.idle, parseDuration);
  const errors: Errors<EndTexts> = {
    ...(isWithin(ttlSeconds, 1) ? {} : { ttl: "A time of at most 365d, such as 30m, 8h or 2d." }),
    ...(isWithin(idleSeconds, 60) ? {} : { idle: "A time from 1m to 365d, such as 30m or 8h." }),
  };
  if (Object.keys(errors).length > 0) return { errors };
  return {
    change: {
      ...(ttlSeconds === (ttlBefore ?? null) ? {} : { ttlSeconds }),
      ...(idleSeconds === (idleBefore ?? null) ? {} : { idleSeconds }),
    },
  };
}

function isWithin(seconds: number | null, least: number): boolean {
  return seconds === null || (seconds >= least && seconds <= LONGEST_S);
}

function given(text: string, parse: (text: string) => number): number | null {
  return text.trim() === "" ? null : parse(text.trim());
}
