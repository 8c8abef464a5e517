/** One thing that keys do. `keys` are as `keyName` tells them, the first one is shown as `shown`. */
export interface Binding {
  readonly keys: readonly string[];
  readonly shown: string;
  /** For the footer, a word or two. */
  readonly words: string;
  /** For the help, a sentence's part. */
  readonly help: string;
}

const bind = (keys: string, shown: string, words: string, help: string): Binding => ({
  keys: keys.split(" "),
  shown,
  words,
  help,
});

/** Of tasks, wherever they are listed. */
const TASKS = {
  open: bind("return", "↵", "open", "what it says, and what it asks"),
  cancel: bind("c", "c", "cancel", "end it with all its processes"),
  retry: bind("r", "r", "retry", "the same once more, as a new task"),
};

/** Every key of every screen; the footers and the help are made of it. Those of `text` are heard by what shows it, the others by the page, and nothing else listens to keys. */
export const KEYS = {
  /** Wherever a program does not have the keys. */
  everywhere: {
    help: bind("?", "?", "help", "this help"),
    inbox: bind("i", "i", "inbox", "what needs you: tasks that ask, or cannot log in"),
    back: bind("escape", "esc", "back", "one screen back"),
    close: bind("q", "q", "quit", "one screen back, too; on the first one leave"),
    quit: bind("ctrl-c", "^C", "quit", "leave; workspaces, terminals and tasks go on"),
    suspend: bind("ctrl-z", "^Z", "suspend", "back to the shell until 'fg'"),
  },
  /** Wherever there are rows. */
  rows: {
    up: bind("up k", "↑", "up", "one row up; k does so too"),
    down: bind("down j", "↓", "down", "one row down; j does so too"),
    pageUp: bind("pageup ctrl-u", "PgUp", "page up", "a screenful up"),
    pageDown: bind("pagedown ctrl-d", "PgDn", "page down", "a screenful down"),
    first: bind("home g", "Home", "first", "to the first row; g does so too"),
    last: bind("end G", "End", "last", "to the last row; G does so too"),
  },
  /** Wherever there is a text that may be longer than the screen. */
  text: {
    up: bind("up k", "↑", "up", "some lines up; k does so too"),
    down: bind("down j", "↓", "down", "some lines down; j does so too"),
    pageUp: bind("pageup", "PgUp", "page up", "half a screenful up"),
    pageDown: bind("pagedown", "PgDn", "page down", "half a screenful down"),
    first: bind("home", "Home", "first", "to the first line"),
    last: bind("end", "End", "last", "to the last line, and on with what comes"),
  },
  list: {
    open: bind("return", "↵", "open", "the workspace's page"),
    terminal: bind("t", "t", "terminal", "its terminal, which goes on when it is left"),
    start: bind("s", "s", "start", "start it"),
    stop: bind("x", "x", "stop", "stop it; its home stays"),
    remove: bind("d", "d", "delete", "delete it with everything in it"),
    create: bind("n", "n", "new", "make a workspace"),
    tasks: bind("a", "a", "tasks", "the tasks of all workspaces"),
    logs: bind("l", "l", "logs", "what its start, its scripts and it itself said"),
    workers: bind("w", "w", "workers", "other workers, and to them"),
    settings: bind(",", ",", "settings", "the worker's settings"),
  },
  workspace: {
    open: bind("return t", "↵", "terminal", "the terminal that is selected; t does so too"),
    another: bind("T", "T", "another", "one more terminal"),
    start: bind("s", "s", "start", "start it"),
    stop: bind("x", "x", "stop", "stop it; its home stays"),
    remove: bind("d", "d", "delete", "delete it with everything in it"),
    tasks: bind("a", "a", "tasks", "its tasks"),
    logs: bind("l", "l", "logs", "what its start, its scripts and it itself said"),
  },
  terminal: {
    leave: bind("ctrl-]", "^]", "leave", "leave the terminal, which goes on; every other key is its program's"),
  },
  /** What is typed goes into the field. */
  repository: {
    choose: bind("return", "↵", "choose", "clone what is selected"),
    up: bind("up", "↑", "up", "one row up"),
    down: bind("down", "↓", "down", "one row down"),
  },
  create: {
    create: bind("return", "↵", "create", "make the workspace"),
    next: bind("tab", "tab", "next field", "to the next field"),
    previous: bind("backtab", "⇧tab", "previous", "to the field before"),
  },
  tasks: TASKS,
  inbox: TASKS,
  task: {
    answer: bind("return", "↵", "answer", "tell it what it waits for"),
    allow: bind("p", "p", "allow", "let it do whatever its workspace lets it do"),
    resume: bind("g", "g", "go on", "try again, with a login, or before its limit ends"),
    cancel: bind("c", "c", "cancel", "end it with all its processes"),
    retry: bind("r", "r", "retry", "the same once more, as a new task"),
  },
  /** What is typed goes into the field. */
  answer: {
    send: bind("return", "↵", "send", "send the answer"),
  },
  logs: {},
  settings: {
    edit: bind("return", "↵", "change", "another value"),
    unset: bind("u", "u", "unset", "back to its default"),
  },
  /** What is typed goes into the field. */
  setting: {
    save: bind("return", "↵", "save", "set it"),
  },
  workers: {
    use: bind("return", "↵", "switch", "show that worker, until these screens are left"),
  },
} as const satisfies Record<string, Record<string, Binding>>;

export type ScreenName = Exclude<keyof typeof KEYS, "everywhere" | "rows" | "text">;
export type Actions<S extends keyof typeof KEYS> = {
  readonly [A in keyof (typeof KEYS)[S]]?: (() => void | Promise<void>) | undefined;
};

/** What a key is called in the table: the character itself, or `ctrl-x`, `pageup`. */
export function keyName(key: { name: string; ctrl: boolean; meta: boolean; shift: boolean; sequence: string }): string {
  if (key.meta) return `meta-${key.name}`;
  if (key.ctrl) return `ctrl-${key.name}`;
  if (key.shift && key.name === "tab") return "backtab";
  // One that is typed is itself, whatever it is made of.
  return /^[^\u0000- \u007f]$/u.test(key.sequence) ? key.sequence : key.name;
}

/** What a key is to do on a screen: the action's name, where it applies now. */
export function actionOf(
  table: Readonly<Record<string, Binding>>,
  actions: Readonly<Record<string, unknown>>,
  name: string,
): string | undefined {
  return Object.keys(table).find((action) => actions[action] !== undefined && table[action]?.keys.includes(name));
}
