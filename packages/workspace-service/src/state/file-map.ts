import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { frozen, WsError } from "@ws/workspace-core";
import { makePrivateDirectory, removeDurably, writeDurably } from "./durable-file.ts";

/** Values by name, a file each; what is read is frozen, and a change that returned is on disk. */
export interface FileMap<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
  values(): T[];
}

const ENDING = ".json";
/** Nothing of it leads out of a directory. */
const KEY = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/** Reads all of a directory, which is made where it is not there. Throws `state_corrupt` for a file that is none of ours. */
export function openFileMap<T>(directory: string): FileMap<T> {
  makePrivateDirectory(directory);
  const kept = new Map<string, T>();
  const pathOf = (key: string): string => join(directory, `${requireKey(key)}${ENDING}`);
  for (const name of readdirSync(directory)) {
    if (name.endsWith(ENDING)) kept.set(name.slice(0, -ENDING.length), frozen(readJson(join(directory, name)) as T));
  }
  return {
    get: (key) => kept.get(key),
    set(key, value) {
      const text = JSON.stringify(value);
      writeDurably(pathOf(key), `${text}\n`);
      kept.set(key, frozen(JSON.parse(text) as T));
    },
    delete(key) {
      removeDurably(pathOf(key));
      kept.delete(key);
    },
    values: () => [...kept.values()],
  };
}

function requireKey(key: string): string {
  if (KEY.test(key)) return key;
  throw new Error(`'${key}' cannot be the name of a file`);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new WsError("state_corrupt", {
      message: `What is written in ${path} cannot be read.`,
      next: "Restore the file from a backup, or move it away to do without what it says.",
      data: { file: path },
      cause: error,
    });
  }
}
