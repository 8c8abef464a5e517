import type { WorkspaceId } from "../workspace.ts";

/** What a fake place keeps beyond its Boxes: its files and its processes. */
export interface FakeHome {
  readonly id: WorkspaceId;
  readonly files: Map<string, { content: Uint8Array; mode: number }>;
  readonly directories: Set<string>;
  /** What each link says, by where it lies. Only confined files know of links. */
  readonly links: Map<string, string>;
  /** How to end each process that was run under a group's name. */
  readonly groups: Map<string, Set<() => void>>;
  /** What its place is shown of the worker's. */
  objects?: string;
  /** Calls back with the path of each entry that is made, changed or removed; returns what ends it. */
  onChange(tell: (path: string) => void): () => void;
}

export function createFakeHome(id: WorkspaceId): FakeHome {
  const told = new Set<(path: string) => void>();
  const tell = (path: string): void => {
    for (const each of told) each(path);
  };
  return {
    id,
    files: new TellingMap(tell),
    directories: new TellingSet(tell, ["/", "/home", "/home/workspace"]),
    links: new TellingMap(tell),
    groups: new Map(),
    onChange(callback) {
      told.add(callback);
      return () => void told.delete(callback);
    },
  };
}

class TellingMap<V> extends Map<string, V> {
  readonly #tell: (key: string) => void;

  constructor(tell: (key: string) => void) {
    super();
    this.#tell = tell;
  }

  override set(key: string, value: V): this {
    super.set(key, value);
    this.#tell(key);
    return this;
  }

  override delete(key: string): boolean {
    const was = super.delete(key);
    if (was) this.#tell(key);
    return was;
  }
}

class TellingSet extends Set<string> {
  readonly #tell: (key: string) => void;

  constructor(tell: (key: string) => void, first: readonly string[]) {
    super();
    this.#tell = tell;
    for (const each of first) super.add(each);
  }

  override add(key: string): this {
    const isNew = !super.has(key);
    super.add(key);
    if (isNew) this.#tell(key);
    return this;
  }

  override delete(key: string): boolean {
    const was = super.delete(key);
    if (was) this.#tell(key);
    return was;
  }
}
