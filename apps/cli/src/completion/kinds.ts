/** What a word of a command line names: something that the worker knows, a file of this device, or nothing that could be listed. */
export type Kind =
  | "workspace"
  | "terminal"
  | "task"
  | "worker"
  | "known-worker"
  | "credential"
  | "token"
  | "device"
  | "project"
  | "change"
  | "execution"
  | "lease"
  | "setting"
  | "link"
  | "file"
  | "none";

/** By what an argument is called in the help. */
const ARGUMENTS: Readonly<Record<string, Kind>> = {
  name: "workspace",
  workspace: "workspace",
  target: "workspace",
  terminal: "terminal",
  link: "link",
  task: "task",
  lease: "lease",
  local: "file",
  directory: "file",
  patch: "file",
  file: "file",
  command: "none",
  prompt: "none",
  path: "none",
  pattern: "none",
  from: "none",
  to: "none",
  ref: "none",
  branch: "none",
  what: "none",
  onto: "none",
  key: "none",
  value: "none",
  words: "none",
  "new-name": "none",
  amount: "none",
  url: "none",
  reference: "none",
  search: "none",
  forge: "none",
  repo: "none",
  id: "none",
  shell: "none",
  ports: "none",
  names: "none",
  code: "none",
  script: "none",
  device: "device",
  host: "none",
  editor: "none",
};

/** Where the same word means something else: the command, or its group, and the argument. */
const ELSEWHERE: Readonly<Record<string, Kind>> = {
  "git reset target": "none",
  "compare id": "execution",
  "execution end id": "execution",
  "project name": "project",
  "project add name": "none",
  "project init name": "none",
  "change name": "change",
  "worker name": "worker",
  "worker add name": "none",
  "worker use name": "known-worker",
  "credential name": "credential",
  "credential set name": "none",
  "pair worker": "none",
  "token name": "token",
  "token create name": "none",
  "mcp approve name": "none",
  "fetch name": "none",
  "publish name": "none",
  "config key": "setting",
};

/** By what the value of an option is called in the help. */
const VALUES: Readonly<Record<string, Kind>> = {
  "--on <worker>": "worker",
  "--after <task>": "task",
  "--pick <name>": "workspace",
  "--project <name>": "project",
  "--execution <id>": "execution",
  "-t, --terminal <id>": "terminal",
  "--download <file>": "file",
  "--body-file <file>": "file",
  "--bundle <file>": "file",
  "--bare <path>": "file",
  "--directory <path>": "file",
};

/** What an argument of a command names; undefined where nobody has said. `path` is the command's words without `ws`. */
export function kindOfArgument(path: readonly string[], argument: string): Kind | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const key = [...path.slice(0, length), argument].join(" ");
    if (Object.hasOwn(ELSEWHERE, key)) return ELSEWHERE[key];
  }
  return Object.hasOwn(ARGUMENTS, argument) ? ARGUMENTS[argument] : undefined;
}

export function kindOfValue(flags: string): Kind {
  return (Object.hasOwn(VALUES, flags) ? VALUES[flags] : undefined) ?? "none";
}
