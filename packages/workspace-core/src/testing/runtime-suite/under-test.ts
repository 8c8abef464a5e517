import { toWsError, type ErrorCode } from "../../errors.ts";
import type { Box, ByteSource, Place, PlaceSpec, Printed, Runtime } from "../../ports.ts";
import type { WorkspaceId } from "../../workspace.ts";

/** A runtime of its own instance: what two of them make never meets. Disposing removes all of it. */
export interface RuntimeSubject extends AsyncDisposable {
  runtime: Runtime;
}

export interface RuntimeCapabilities<S extends RuntimeSubject> {
  /** Ends a running place from outside, as a crash does; the exit that has to be reported. */
  crash(subject: S, place: Place): Promise<{ code: number; oom: boolean }>;
  /** Makes a running place print a line itself. Absent where places print nothing. */
  print?(subject: S, box: Box, line: string): Promise<void>;
  /** Whether `sleep` can be run, so that ending processes can be looked at. */
  processes: boolean;
  /** What its places may be shown: an absolute path, with a file `seen` in it that says `objects`. */
  objects: {
    directory: string;
    /** Puts one more file there. */
    add(name: string, content: string): Promise<void>;
    /** Whether a place is kept from writing there. */
    kept: boolean;
  };
}

export interface RuntimeUnderTest<S extends RuntimeSubject> {
  readonly subject: S;
  readonly runtime: Runtime;
  /** Another worker's on the same machine. */
  readonly other: S;
  /** A running place that goes when the test ends. */
  running(spec?: PlaceSpec): Promise<AsyncDisposable & { spec: PlaceSpec; place: Place }>;
}

/** Tests that some runtimes cannot take; left out and not skipped, because nothing is missing there. */
export function only(able: boolean, define: () => void): void {
  if (able) define();
}

export function newSpec(): PlaceSpec {
  const random = crypto.randomUUID().replaceAll("-", "").slice(0, 10);
  const id: WorkspaceId = `ws-${random}`;
  return { id, name: `suite-${random}`, profile: "person", limits: {} };
}

export function removing(runtime: Runtime, spec: PlaceSpec): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => runtime.remove(spec.id) };
}

export async function writeFile(runtime: Runtime, id: WorkspaceId, name: string): Promise<void> {
  await using box = await runtime.open(id);
  await box.files.write(`${box.home}/${name}`, text(name));
}

export async function read(box: Box, name: string): Promise<string> {
  return collect(box.files.read(`${box.home}/${name}`));
}

export async function collect(source: ByteSource): Promise<string> {
  const decoder = new TextDecoder();
  let result = "";
  for await (const chunk of source) result += decoder.decode(chunk, { stream: true });
  return result;
}

export function said(source: AsyncIterable<Printed>): Promise<string> {
  return collect(bytesOf(source));
}

export async function* bytesOf(source: AsyncIterable<Printed>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of source) yield bytes;
}

export async function* linesOf(source: AsyncIterable<Printed>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of bytesOf(source)) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** The code that work fails with; undefined where it succeeds. */
export async function codeOf(work: Promise<unknown>): Promise<ErrorCode | undefined> {
  return work.then(
    () => undefined,
    (reason: unknown) => toWsError(reason).code,
  );
}
