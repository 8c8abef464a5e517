import { patchedPaths, type Clock } from "@ws/workspace-core";
import { asExecution } from "../audit/execution.ts";
import { ruleOf } from "../access/rules/index.ts";
import type { AuditRecord, EndOfBegun } from "../store/audit.ts";
import type { RequestContext, Services } from "./context.ts";

/** A call, as it came. */
export interface Called {
  context: RequestContext;
  path: readonly string[];
  input: unknown;
}

/** Writes a call down, where it is one that changes something: by whom, on what, with which outcome; never a value. */
export type Auditing = (call: Called, outcome: string, done?: Done) => void;

/** How long it took, what was answered, and what was said when it began. */
export interface Done {
  ms: number;
  output?: unknown;
  begun?: EndOfBegun | undefined;
}

export function createAuditing(services: Pick<Services, "state" | "clock" | "redactor">): Auditing {
  const { state, clock } = services;
  const mayTell = createSparing(clock);
  return ({ context: { caller, peer }, path, input }, outcome, done) => {
    if (!changesSomething(path)) return;
    const action = path.join(".");
    if (caller !== undefined) {
      const target = targetOf(input);
      const details =
        action === EXEC
          ? { details: ran(services, target, input, done) }
          : QUEUES.has(action)
            ? { details: ran(services, target, programOf(input)) }
            : detailsOf(path, input);
      if (done?.begun !== undefined) return done.begun({ outcome, ...details });
      state.audit.append({ who: caller.who, action, outcome, ...(target === undefined ? {} : { target }), ...details });
    } else if (outcome === "ok" || mayTell(peer)) {
      // Nothing that a stranger says, and only now and then: each entry is a write to the disk.
      const made = (done?.output as { device?: unknown } | undefined)?.device;
      state.audit.append({ who: peer, action, outcome, ...(typeof made === "string" ? { target: made } : {}) });
    }
  };
}

/** Writes down what a call is about to run, so that it is known where the agent does not see its end; undefined of a call that runs nothing. */
export function createBeginning(
  services: Pick<Services, "state" | "redactor">,
): (call: Called) => EndOfBegun | undefined {
  return ({ context: { caller }, path, input }) => {
    const action = path.join(".");
    if (action !== EXEC || caller === undefined) return undefined;
    const target = targetOf(input);
    const entry = { who: caller.who, action, details: ran(services, target, input) };
    return services.state.audit.begin({ ...entry, ...(target === undefined ? {} : { target }) });
  };
}

const EXEC = "workspaces.exec";
const QUEUES: ReadonlySet<string> = new Set(["tasks.create", "tasks.createLeased", "attempts.start"]);

/** What a task is to run: of an action its name, because what that is about may be a part of a file. */
function programOf(input: unknown): object {
  const { spec } = (input ?? {}) as { spec?: unknown };
  const { command, code, prompt, action, cwd, env } = (spec ?? {}) as Record<string, unknown>;
  return { command: command ?? code ?? prompt ?? action, cwd, env };
}

function ran(
  { state, redactor }: Pick<Services, "state" | "redactor">,
  name: string | undefined,
  input: unknown,
  { ms, output }: Partial<Done> = {},
): Details {
  const about = name === undefined ? undefined : state.workspaces.getByName(name)?.id;
  const { exitCode } = (output ?? {}) as { exitCode?: number };
  return asExecution({ ...(input as object), exitCode, ms }, (text) => redactor.clean(text, about));
}

const WINDOW_MS = 60_000;
const PEERS = 30;

/** Whether this peer may be told of: once in a minute, as one of a few dozen. */
export function createSparing(clock: Pick<Clock, "monotonic">): (peer: string) => boolean {
  const told = new Set<string>();
  let since = clock.monotonic();
  return (peer) => {
    if (clock.monotonic() - since >= WINDOW_MS) {
      told.clear();
      since = clock.monotonic();
    }
    if (told.has(peer) || told.size >= PEERS) return false;
    told.add(peer);
    return true;
  };
}

/** What needs more than reading, because of what it tells, or of who may ask. */
const LOOKS: ReadonlySet<string> = new Set([
  "forges.repositories",
  "github.listRepos",
  "pairing.begin",
  "pairing.watch",
]);

function changesSomething(path: readonly string[]): boolean {
  if (LOOKS.has(path.join("."))) return false;
  const { needs, changes } = ruleOf(path) ?? {};
  if (needs === "write" || needs === "open" || changes === true) return true;
  return needs === "admin" && !["get", "list", "status"].includes(path.at(-1) ?? "");
}

type Details = NonNullable<AuditRecord["details"]>;

/** Which files, which branch and which rules; what only told is not what was done. */
function detailsOf([noun = "", verb]: readonly string[], input: unknown): Pick<AuditRecord, "details"> {
  if (typeof input !== "object" || input === null) return {};
  const asked = input as Record<string, unknown>;
  const details: Details = asked["dryRun"] === true ? { dryRun: "true" } : {};
  if (noun === "files") Object.assign(details, textsOf(asked, ["path", "from", "to", "format"]));
  if (noun === "files" && verb === "patch") Object.assign(details, patched(asked));
  if (noun === "git") Object.assign(details, gitDetails(asked));
  if (noun === "terminals") Object.assign(details, textsOf(asked, ["terminal", "newName"]));
  if (noun === "tasks" && asked["name"] !== undefined) Object.assign(details, textsOf(asked, ["task"]));
  if (noun === "attempts" && asked["name"] !== undefined) Object.assign(details, textsOf(asked, ["id"]));
  if (asked["discard"] === true) details["discard"] = "true";
  if (noun === "egress") Object.assign(details, textsOf(asked, ["rule", "host"]));
  if (noun === "egress" && asked["everywhere"] === true) details["everywhere"] = "true";
  if (noun === "devices") Object.assign(details, textsOf(asked, ["newName"]));
  if (noun === "tokens") Object.assign(details, namesOf(asked, "commands"));
  if (noun === "mcpServers") Object.assign(details, textsOf(asked, ["sha256"]));
  if (noun === "workspaces" && verb === "update") details["changed"] = changedOf(asked);
  if (noun === "policy") Object.assign(details, { rules: rulesOf(asked) });
  const said = Object.entries(details).filter(([, value]) => value.length > 0);
  return said.length === 0 ? {} : { details: Object.fromEntries(said) };
}

/** Also of one that failed: not all of it may have been taken back. */
function patched({ patch }: Record<string, unknown>): Details {
  return typeof patch === "string" ? { paths: patchedPaths(patch) } : {};
}

function gitDetails(asked: Record<string, unknown>): Details {
  const { paths } = asked;
  return {
    ...textsOf(asked, ["branch", "from", "onto", "target", "mode"]),
    ...(Array.isArray(paths) ? { paths: paths.filter((path) => typeof path === "string") } : {}),
    ...Object.fromEntries(
      ["force", "allowDestructive"].filter((key) => asked[key] === true).map((key) => [key, "true"]),
    ),
  };
}

/** Names alone: a variable's value may be a secret. */
function changedOf({ name: _name, ...asked }: Record<string, unknown>): string[] {
  return Object.entries(asked).flatMap(([key, value]) =>
    (key === "env" || key === "limits") && typeof value === "object" && value !== null
      ? Object.keys(value).map((each) => `${key}.${each}`)
      : key,
  );
}

function namesOf(asked: Record<string, unknown>, key: string): Details {
  const names = asked[key];
  return Array.isArray(names) ? { [key]: names.filter((name) => typeof name === "string") } : {};
}

function rulesOf({ set, unset }: Record<string, unknown>): string {
  const named = typeof set === "object" && set !== null ? Object.keys(set) : [];
  return [...named, ...(Array.isArray(unset) ? unset : [])].join(", ");
}

function textsOf(asked: Record<string, unknown>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = asked[key];
      return typeof value === "string" ? [[key, value]] : [];
    }),
  );
}

/** What was changed: a workspace's name, a setting's key, a token's name, a device, a lease, a task, a repository, what a reference leads to. It may be of any form, the input being as it came. */
function targetOf(input: unknown): string | undefined {
  if (typeof input !== "object" || input === null) return undefined;
  const { name, key, token, device, id, lease, reference, repository, task, clone } = input as Record<string, unknown>;
  const found = name ?? key ?? token ?? device ?? id ?? lease ?? reference ?? repository ?? task;
  if (found === undefined && typeof clone === "string") return placeOf(clone);
  return typeof found === "string" ? found : undefined;
}

/** Of an address, or a reference, where it leads: no one's name or password before that, and no question after it. */
function placeOf(clone: string): string {
  return clone.slice(clone.lastIndexOf("@") + 1).replace(/(?<=.)[?#].*$/s, "");
}
