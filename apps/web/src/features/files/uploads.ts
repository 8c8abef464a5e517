import { toProblem, type Problem } from "../../problem.ts";
import { commonFolder, parentOf } from "../../file-paths.ts";

export interface UploadFile {
  /** Where it is to lie in the workspace. */
  path: string;
  content: Blob;
}

export interface UploadState {
  /** Since the first of those that are shown. */
  files: number;
  done: number;
  /** The innermost folder that all that were written lie in. */
  into: string | undefined;
  bytes: number;
  sentBytes: number;
  running: boolean;
  cancelled: boolean;
  /** What lies there already, and is replaced only when somebody says so. */
  existing: readonly UploadFile[];
  failures: readonly { path: string; problem: Problem }[];
}

export interface Uploads {
  state(): UploadState;
  subscribe(listener: () => void): () => void;
  /** `replace` writes over what lies there. */
  add(files: Iterable<UploadFile>, options?: { replace: boolean }): void;
  replaceExisting(): void;
  skipExisting(): void;
  /** Ends those under way and forgets those that wait; what was written stays. */
  cancel(): void;
  /** Forgets what there is to say. */
  dismiss(): void;
}

export interface UploadsOptions {
  put: (
    file: UploadFile,
    how: { replace: boolean; signal: AbortSignal; onSent: (bytes: number) => void },
  ) => Promise<void>;
  /** Told of the paths that were written, now and then and at the end. */
  onWritten: (paths: readonly string[]) => void;
}

/** A browser has six connections for one address, and the dashboard needs some of them. */
const AT_ONCE = 3;

const NOTHING: UploadState = {
  files: 0,
  done: 0,
  into: undefined,
  bytes: 0,
  sentBytes: 0,
  running: false,
  cancelled: false,
  existing: [],
  failures: [],
};

/** Files on their way into a workspace, a few at a time. */
export function createUploads({ put, onWritten }: UploadsOptions): Uploads {
  const listeners = new Set<() => void>();
  let state = NOTHING;
  let waiting: { file: UploadFile; replace: boolean }[] = [];
  let ending = new AbortController();
  let working = 0;
  let written: string[] = [];

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add(files, { replace } = { replace: false }) {
      if (!state.running && state.existing.length === 0) set(NOTHING);
      const added = Array.from(files, (file) => ({ file, replace }));
      if (added.length === 0) return;
      // A folder of node_modules is more than a call takes as arguments.
      waiting = waiting.concat(added);
      set({
        ...state,
        cancelled: false,
        files: state.files + added.length,
        bytes: state.bytes + sum(added.map(({ file }) => file.content.size)),
        running: true,
      });
      start();
    },
    replaceExisting() {
      const { existing } = state;
      waiting = waiting.concat(existing.map((file) => ({ file, replace: true })));
      set({ ...state, existing: [], running: existing.length > 0 || state.running });
      start();
    },
    skipExisting() {
      const skipped = sum(state.existing.map(({ content }) => content.size));
      set({ ...state, existing: [], files: state.files - state.existing.length, bytes: state.bytes - skipped });
    },
    cancel() {
      waiting = [];
      ending.abort();
      ending = new AbortController();
      set({ ...state, cancelled: true, existing: [] });
    },
    dismiss() {
      if (!state.running) set(NOTHING);
    },
  };

  function start(): void {
    while (working < AT_ONCE && waiting.length > 0) {
      working += 1;
      void work();
    }
  }

  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await send(next.file, next.replace);
    working -= 1;
    if (working > 0) return;
    set({ ...state, running: false });
    tell();
  }

  async function send(file: UploadFile, replace: boolean): Promise<void> {
    const { signal } = ending;
    let sent = 0;
    const onSent = (bytes: number): void => {
      set({ ...state, sentBytes: state.sentBytes + bytes - sent });
      sent = bytes;
    };
    try {
      await put(file, { replace, signal, onSent });
      onSent(file.content.size);
      written.push(file.path);
      const folder = parentOf(file.path);
      const into = state.into === undefined ? folder : commonFolder(state.into, folder);
      set({ ...state, done: state.done + 1, into });
      if (written.length >= 100) tell();
    } catch (error) {
      onSent(0);
      if (signal.aborted) return;
      const problem = toProblem(error);
      if (problem.code === "file_exists" && !replace) set({ ...state, existing: [...state.existing, file] });
      else set({ ...state, failures: [...state.failures, { path: file.path, problem }] });
    }
  }

  function tell(): void {
    const paths = written;
    written = [];
    if (paths.length > 0) onWritten(paths);
  }

  function set(next: UploadState): void {
    state = next;
    for (const listener of listeners) listener();
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
