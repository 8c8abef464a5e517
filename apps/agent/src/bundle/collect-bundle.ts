import { existsSync, readFileSync, statSync } from "node:fs";
import { arch, cpus, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { DoctorCheck } from "@ws/rpc-contract";
import { servicePlaces, unitPaths } from "../doctor/service-check.ts";
import { createRedactor, type Redactor } from "../log/redact.ts";
import { readVersion } from "../system/version.ts";
import { learnSecrets } from "./learn-secrets.ts";
import { maskedSettings } from "./masked-settings.ts";
import { maskedUnit } from "./masked-unit.ts";
import { readEnd } from "./read-end.ts";
import { withoutKeys, withoutSecretForms } from "./secret-forms.ts";

/** One of the texts in a bundle. */
export interface BundlePart {
  name: string;
  /** What it is, in a few words. */
  what: string;
  text: string;
}

export interface BundleOptions {
  configDir: string;
  /** What the doctor says, or that no agent answers it. */
  checks: readonly DoctorCheck[];
  /** Says where the service's unit may lie. */
  env: Readonly<Record<string, string | undefined>>;
}

const MOST_LOG = 2 * 1024 * 1024;

/**
 * What helps somebody else to see what is wrong with the worker of this directory, whether its agent runs or not. Nothing in it is a secret that the worker knows;
 * names, paths and addresses are in it. What cannot be read says so in its place.
 */
export async function collectBundle({ configDir, checks, env }: BundleOptions): Promise<BundlePart[]> {
  const redactor = createRedactor();
  const problems = await learnSecrets(configDir, env, redactor);
  const parts: BundlePart[] = [
    part("doctor.json", "what ws doctor says", () => json(checks)),
    part("versions.json", "versions of ws, Node and this system", () => json(versions())),
    part("config.json", "settings, without their secrets", () => maskedSettings(configDir)),
    part("state.json", "how many rows each table of the state has", () => json(rowCounts(configDir))),
    ...unitPaths(servicePlaces(env))
      .filter((path) => existsSync(path))
      .map((path) =>
        part("workspace-agent.service", "the service's unit, without values", () =>
          maskedUnit(readFileSync(path, "utf8")),
        ),
      ),
    // A log whose secrets are not all known is nobody else's.
    problems.length === 0
      ? part("agent.log", "the newest of the agent's log, 2 MiB at most", () => logOf(configDir))
      : part("agent.log", "left out: its secrets are not known", () => `${problems.join("\n")}\n`),
  ];
  return parts.map((each) => ({ ...each, text: clean(each.text, redactor) }));
}

function part(name: string, what: string, read: () => string): BundlePart {
  try {
    return { name, what, text: read() };
  } catch (error) {
    return { name, what: "cannot be read", text: `It cannot be read: ${(error as Error).message}\n` };
  }
}

/**
 * Once more: most of it was cleaned when it was written, by an agent that may have known less then. Keys first: of one that is known the first and last lines are taken out too,
 * by which others are found.
 */
function clean(text: string, redactor: Redactor): string {
  return withoutSecretForms(redactor.clean(withoutKeys(text), "all"));
}

function versions(): Record<string, string | number> {
  return {
    ws: readVersion(),
    node: process.version,
    sqlite: process.versions.sqlite ?? "",
    platform: platform(),
    kernel: release(),
    arch: arch(),
    system: systemName(),
    cpus: cpus().length,
    memoryMiB: Math.round(totalmem() / 1024 ** 2),
  };
}

function systemName(): string {
  if (!existsSync("/etc/os-release")) return "";
  return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "";
}

function rowCounts(configDir: string): object {
  const path = join(configDir, "state.db");
  if (!existsSync(path)) return { state: "is not there" };
  try {
    const db = new DatabaseSync(path, { readOnly: true });
    try {
      const names = db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        .all();
      const count = (name: string): number =>
        Number(db.prepare(`SELECT count(*) AS rows FROM "${name}"`).get()?.["rows"]);
      const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
      const rows = Object.fromEntries(names.map(({ name }) => [String(name), count(String(name))]));
      return { version, bytes: statSync(path).size, rows };
    } finally {
      db.close();
    }
  } catch (error) {
    return { state: `cannot be read: ${(error as Error).message}` };
  }
}

function logOf(configDir: string): string {
  const path = join(configDir, "agent.log");
  const newest = readEnd(path, MOST_LOG);
  return readEnd(`${path}.1`, MOST_LOG - newest.length) + newest;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
