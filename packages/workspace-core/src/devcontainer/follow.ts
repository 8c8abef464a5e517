import type { Engine } from "../engine.ts";
import { WsError } from "../errors.ts";
import { lines } from "../lines.ts";
import type { Box, Bytes, DockerfileSource, Report } from "../ports.ts";
import type { Preparation } from "../preparation.ts";
import { withStep } from "../records.ts";
import type { RepositorySnapshot } from "../repository-snapshot.ts";
import { inTime } from "../time-limit.ts";
import type { Repository, WorkspaceRecord } from "../workspace.ts";
import { readDockerfile } from "./dockerfile.ts";
import type { DevcontainerBuild, DevcontainerPlan, Refusal } from "./plan.ts";
import { DEVCONTAINER_PATHS, MOST_BYTES, readDevcontainer } from "./read.ts";

/** What an image is built from is files that people wrote, and perhaps a few large ones. */
const MOST_CONTEXT_BYTES = 512 * 2 ** 20;
const BUILD_MS = 3_600_000;

interface Following {
  report: Report;
  signal: AbortSignal;
}

/**
 * Reads the devcontainer.json of a repository that was not cloned yet, on the worker, and makes what it needs: its plan and its image stand
 * in the record then. Resolves to what was gathered of the repository meanwhile. Throws `devcontainer_refused`, with the line that asked.
 */
export async function followDevcontainer(
  engine: Engine,
  record: WorkspaceRecord,
  repository: Repository,
  { report, signal }: Following,
): Promise<Preparation> {
  const { id } = record;
  const prepared = await engine.git.prepare(repository, { workspace: id, signal });
  if (prepared === undefined) throw unseen(repository);
  await prepared.ready(report);
  await using snapshot = await engine.git.snapshot(repository, { workspace: id, signal });
  if (snapshot === undefined) throw unseen(repository);

  const found = await find(snapshot);
  if (found === undefined) {
    if (record.devcontainer?.mode !== "optional") throw absent(repository);
    engine.records.change(id, ({ devcontainer: _none, ...rest }) =>
      withStep(rest, "devcontainer", { message: "It has none" }),
    );
    return prepared;
  }
  const { plan, refused, warnings } = readDevcontainer(found.text, found.path);
  const isLenient = record.devcontainer?.mode === "lenient";
  if (refused.length > 0 && !isLenient) throw refusal(found.path, refused, record.name);
  const told = few(
    [...refused.map((one) => `${describe(one)}. It was left out.`), ...warnings],
    (more) => `And ${more} more.`,
  );
  for (const message of told) report({ message });

  const image = await imageOf(engine, record, plan, snapshot, { report, signal });
  engine.records.change(id, (current) => {
    const said = told.length === 0 ? current : withStep(current, "devcontainer", { message: told.join(" ") });
    return {
      ...said,
      devcontainer: { mode: "strict", ...current.devcontainer, plan },
      ...(image === undefined ? {} : { image }),
      ...(plan.ports.length === 0 ? {} : { ports: plan.ports }),
    };
  });
  return prepared;
}

/** Throws `devcontainer_refused` for a feature that the image proves to lack. */
export async function requireFeatures(
  { features, path }: Pick<DevcontainerPlan, "features" | "path">,
  box: Box,
  signal: AbortSignal,
): Promise<void> {
  if (features.length === 0) return;
  const programs = features.map(({ program }) => program);
  const look = await box.run(["sh", "-c", LOOK, "sh", ...programs], { signal });
  const there = new Set<string>();
  for await (const line of lines(look.stdout)) there.add(line);
  await look.exit;
  const lacking = features.filter(({ program }) => !there.has(program));
  if (lacking.length === 0) return;
  const refused = lacking.map(({ feature, program, line }) => ({
    line,
    property: `features.${feature}`,
    reason: `the image has no '${program}', and features are not installed here; have it in the image`,
  }));
  throw refusal(path, refused, undefined);
}

const LOOK = 'for one; do command -v "$one" >/dev/null && echo "$one"; done; :';

async function find(snapshot: RepositorySnapshot): Promise<{ path: string; text: string } | undefined> {
  for (const path of DEVCONTAINER_PATHS) {
    const content = await contentOf(snapshot, path);
    if (content !== undefined) return { path, text: textOf(content) };
  }
  return undefined;
}

async function contentOf(snapshot: RepositorySnapshot, path: string): Promise<Bytes | undefined> {
  const content = await snapshot.read(path, MOST_BYTES);
  if (content === undefined || content instanceof Uint8Array) return content;
  const reason = content === "link" ? "it is no plain file" : `it is larger than ${MOST_BYTES} bytes`;
  throw refusal(path, [{ line: 1, property: "", reason }], undefined);
}

function textOf(content: Bytes): string {
  return new TextDecoder().decode(content);
}

async function imageOf(
  engine: Engine,
  record: WorkspaceRecord,
  { build, image, user, path }: DevcontainerPlan,
  snapshot: RepositorySnapshot,
  { report, signal }: Following,
): Promise<string | undefined> {
  if (build === undefined && user === undefined) return image;
  const from =
    build === undefined
      ? image === undefined
        ? undefined
        : { image }
      : await sourceOf(snapshot, build, { path, record });
  const make = engine.runtime(record.runtime).image;
  if (make === undefined)
    throw new WsError("internal", { message: "A runtime without images was asked for one.", data: {} });
  const late = (): WsError =>
    new WsError("timeout", {
      message: `The image that ${path} describes was not made within ${BUILD_MS / 60_000} minutes.`,
      next: "Have it do less, or build it elsewhere and name it as its image.",
      data: { afterMs: BUILD_MS },
    });
  return inTime(engine.clock, { ms: BUILD_MS, signal, late }, (ending) =>
    make({ from, ...(user === undefined ? {} : { user }) }, { id: record.id, report, signal: ending }),
  );
}

async function sourceOf(
  snapshot: RepositorySnapshot,
  { dockerfile, context, target, args, line }: DevcontainerBuild,
  { path, record }: { path: string; record: WorkspaceRecord },
): Promise<DockerfileSource> {
  const refuse = (reason: string): WsError => refusal(path, [{ line, property: "build", reason }], record.name);
  const content = await contentOf(snapshot, dockerfile);
  if (content === undefined) throw refuse(`there is no file '${dockerfile}' in the repository`);
  const top = context === "" ? "" : `${context}/`;
  if (!dockerfile.startsWith(top)) throw refuse(`'${dockerfile}' lies outside of its context '${context}'`);
  const tree = await snapshot.tree(context);
  if (tree === undefined) throw refuse(`there is no directory '${context}' in the repository`);
  const { bases, refused } = readDockerfile(textOf(content), args);
  // Nothing of a Dockerfile can be left out.
  if (refused.length > 0) throw refusal(dockerfile, refused, undefined);
  return {
    tree,
    dockerfile: { path: dockerfile.slice(top.length), content },
    bases,
    args,
    limits: record.limits,
    network: record.profile === "person",
    context: () => snapshot.archive(tree, MOST_CONTEXT_BYTES),
    ...(target === undefined ? {} : { target }),
  };
}

/** `lenient` is offered to a workspace by name, where leaving out is possible. */
function refusal(
  file: string,
  refused: readonly Refusal[],
  lenient: string | undefined,
): WsError<"devcontainer_refused"> {
  const [first] = refused;
  const { line = 0, property = "" } = first ?? {};
  const offer = lenient === undefined ? "" : `, or leave it out with 'ws start ${lenient} --devcontainer=lenient'`;
  return new WsError("devcontainer_refused", {
    message: `${file} asks for what a workspace is not given. ${few(refused.map(describe), (more) => `and ${more} more`).join("; ")}.`,
    next: `Take that out of the file${offer}.`,
    data: { file, line, property },
  });
}

/** A file may be wrong at each of thousands of places, and what is told stays in the record. */
const MOST_TOLD = 20;

function few(all: readonly string[], rest: (more: number) => string): readonly string[] {
  const more = all.length - MOST_TOLD;
  return more <= 0 ? all : [...all.slice(0, MOST_TOLD), rest(more)];
}

function describe({ line, property, reason }: Refusal): string {
  return `Line ${line}${property === "" ? "" : `, ${property}`}: ${reason}`;
}

function absent({ url }: Repository): WsError<"devcontainer_refused"> {
  const [file] = DEVCONTAINER_PATHS;
  return new WsError("devcontainer_refused", {
    message: `${url} has neither ${DEVCONTAINER_PATHS.join(" nor ")} on the branch that the workspace begins with.`,
    next: "Name the repository again with --clone and leave --devcontainer out, or name another branch with --base.",
    data: { file, line: 0, property: "" },
  });
}

function unseen({ url }: Repository): WsError<"devcontainer_refused"> {
  const [file] = DEVCONTAINER_PATHS;
  return new WsError("devcontainer_refused", {
    message: `The devcontainer.json of ${url} could not be read before the clone.`,
    next: "Clone it whole, without --depth and --filter, by https, and make sure that the branch exists; or leave --devcontainer out where you name it.",
    data: { file, line: 0, property: "" },
  });
}
