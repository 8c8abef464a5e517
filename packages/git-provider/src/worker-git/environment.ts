/** One of git's settings, such as `["core.bare", "true"]`. */
export type GitSetting = readonly [name: string, value: string];

/** A way for the worker's git to leave the worker. */
export interface GitWay {
  /** The protocols that lead there, as `GIT_ALLOW_PROTOCOL` names them. */
  readonly protocol: string;
  /** What git is told to take it. */
  readonly settings: readonly GitSetting[];
}

export interface WorkerGitPlace {
  /** The bare repository; absent only for git's own server, which is told it otherwise. */
  directory?: string;
  /** Other repositories' objects, to be read along. */
  objects?: readonly string[];
  /** Without one git reaches nothing but the repository. */
  way?: GitWay;
  settings?: readonly GitSetting[];
  env?: Readonly<Record<string, string>>;
  /** Where programs are, instead of this process's own `PATH`. */
  path?: string;
}

/** Over whatever the repository itself is configured with: git takes what its environment says last. */
const SETTINGS: readonly GitSetting[] = [
  // Programs that a repository brings along, at its refs' changes and at a look at its files.
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  // Forgets every helper named before it: who the forge is asked as, the way out alone knows.
  ["credential.helper", ""],
  // A repository that lies among the files of another is never taken for the one that is meant.
  ["safe.bareRepository", "explicit"],
];

const ALWAYS: Readonly<Record<string, string>> = {
  // Failures are told apart by git's own English words.
  LC_ALL: "C",
  // The user's settings and attributes, and what curl would read from a `.netrc`, are for the user's own git.
  HOME: "/dev/null",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_ATTR_NOSYSTEM: "1",
  // Nobody is there to answer, and a program that asks would be the repository's choice.
  GIT_TERMINAL_PROMPT: "0",
  GIT_ASKPASS: "",
  // An object is what it says it is: what is judged is what is sent on.
  GIT_NO_REPLACE_OBJECTS: "1",
  // What is not there is missing, and not fetched from where the repository says it is.
  GIT_NO_LAZY_FETCH: "1",
};

/** The whole environment of the worker's own git: nothing of its user's, of the system's or of a repository's making gets past it. */
export function workerGitEnvironment(place: WorkerGitPlace): Record<string, string> {
  const { directory, objects, way, env, path = process.env["PATH"] ?? "" } = place;
  const settings = [...SETTINGS, ...(way?.settings ?? []), ...(place.settings ?? [])];
  return {
    ...env,
    ...ALWAYS,
    PATH: path,
    // Beats every `protocol.*.allow`; an empty list allows none.
    GIT_ALLOW_PROTOCOL: way?.protocol ?? "",
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([name, value], at) => [
        [`GIT_CONFIG_KEY_${at}`, name],
        [`GIT_CONFIG_VALUE_${at}`, value],
      ]),
    ),
    // Named, so that git looks for no repository around it and asks for no owner.
    ...(directory === undefined ? {} : { GIT_DIR: directory }),
    ...(objects === undefined
      ? {}
      : { GIT_ALTERNATE_OBJECT_DIRECTORIES: objects.map((each) => JSON.stringify(each)).join(":") }),
  };
}
