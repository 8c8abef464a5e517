import { lookup } from "node:dns/promises";
import type { Log } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import { readAuthorities } from "../runtimes/authorities.ts";
import { askDate } from "./ask-date.ts";
import { servicePlaces, type ServicePlaces } from "./service-check.ts";

/** What the doctor asks of the world around the worker. */
export interface Surroundings {
  /** Rejects for a name that is not found. */
  lookup(name: string): Promise<unknown>;
  /** What a host says of the time, in milliseconds since the epoch. Rejects where it does not answer. */
  dateOf(host: string, signal?: AbortSignal): Promise<number | undefined>;
  service: ServicePlaces;
}

const WAIT_MS = 3_000;

export function systemSurroundings(options: {
  config: Config;
  env: Readonly<Record<string, string | undefined>>;
  log: Log;
}): Surroundings {
  return {
    // The system's own way of looking up cannot be called off.
    lookup: (name) => Promise.race([lookup(name), noAnswer()]),
    dateOf: (host, signal) => askDate(host, readAuthorities(options), signal),
    service: servicePlaces(options.env),
  };
}

function noAnswer(): Promise<never> {
  return new Promise((_, reject) => {
    AbortSignal.timeout(WAIT_MS).addEventListener("abort", () => reject(new Error("no answer within 3 seconds")));
  });
}
