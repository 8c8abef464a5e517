import { WsError } from "../errors.ts";
import { excerpt } from "../names.ts";

/** What `basic` stands for in a list of commands. */
const BASIC: readonly string[] = "ls pwd echo cat grep find git npm pnpm yarn node python".split(" ");

const MOST = 200;
const LONGEST = 256;

/** A list of commands in its one form: names, or absolute paths, each once. Throws `invalid_input`. */
export function parseCommands(given: unknown): string[] {
  if (!Array.isArray(given)) throw unfit("is a list of commands");
  if (given.length > MOST) throw unfit(`has at most ${MOST} commands`);
  const commands = given.flatMap((command: unknown) => {
    if (command === "basic") return BASIC;
    if (typeof command === "string" && command.length <= LONGEST && isCommand(command)) return [command];
    throw unfit(`cannot hold '${excerpt(String(command))}': a command is one word, such as git, or an absolute path`);
  });
  return [...new Set(commands)];
}

function isCommand(text: string): boolean {
  return /^(?:[A-Za-z0-9_][\w.+-]*|(?:\/(?!\.{1,2}(?:\/|$))[\w.+@-]+)+)$/.test(text);
}

/**
 * Whether a list names this program, as it was asked for: by its word, so that what lies elsewhere, or is linked, under the
 * same name is another one.
 */
export function names(commands: readonly string[], program: string): boolean {
  return commands.includes(program) || (program === "python3" && commands.includes("python"));
}

/** What may be given beside a list of commands, as a refusal says it: none of the usual programs runs another by it. */
export const GIVABLE =
  "LANG, LC_*, TZ, TERM, COLORTERM, NO_COLOR, FORCE_COLOR, CI, NODE_ENV, DEBUG and GIT_AUTHOR_ or GIT_COMMITTER_ with NAME, EMAIL or DATE";
const GIVEN =
  /^(?:LANG|LC_[A-Z]+|TZ|TERM|COLORTERM|NO_COLOR|FORCE_COLOR|CI|NODE_ENV|DEBUG|GIT_(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL|DATE))$/;

/** The first variable that may not be given where only some programs may be run. */
export function ungivenVariable(variables: readonly string[]): string | undefined {
  return variables.find((name) => !GIVEN.test(name));
}

/**
 * With these a shell, an interpreter or a tool of the usual ones is told where to look for programs, or what to load. Looked for in
 * what a workspace has of its own: whoever is limited cannot have given it these, nor any others.
 */
const STEERING: readonly RegExp[] = [
  /^(?:PATH|HOME|SHELL|ENV|IFS|PS4|CDPATH|SHELLOPTS|BASHOPTS|PROMPT_COMMAND)$/,
  /^(?:BASH|LD|DYLD|XDG|SSH|TERMINFO|LESS)(?:_.*|[A-Z]*)$/,
  /^(?:GCONV_PATH|LOCPATH|NLSPATH|TAR_OPTIONS|GREP_OPTIONS|RIPGREP_CONFIG_PATH)$/,
  /(?:^|_)(?:EDITOR|VISUAL|PAGER|BROWSER|ASKPASS)$/,
  /^GIT_(?!(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL|DATE)$)/,
  /^NODE_(?!ENV$)/,
  /^(?:npm|pnpm|yarn|bun|corepack)_/i,
  /^(?:PYTHON|PERL|RUBY)[A-Z0-9]/,
  /^(?:GEM|BUNDLE|JAVA|JDK|_JAVA|MAVEN|GRADLE|CARGO|RUSTC|RUSTUP)_/,
  /^(?:RUSTC|RUSTFLAGS|GO(?:BIN|ENV|FLAGS|PATH|PROXY|ROOT|TOOLCHAIN)|MAKE(?:FILES|FLAGS)|CC|CXX|CPP)$/,
  /^(?:ZDOTDIR|OPENSSL_(?:CONF|CONF_INCLUDE|ENGINES|MODULES)|WGETRC|KUBECONFIG|AWS_CONFIG_FILE|DOCKER_CONFIG|DOTNET_.*)$/,
  /^(?:VIM|VIMINIT|EXINIT|PSQLRC|HGRCPATH|PHPRC|PHP_INI_SCAN_DIR|LUA_(?:INIT|C?PATH)(?:_.*)?|DENO_.*)$/,
  /^(?:CLAUDE_CONFIG_DIR|CODEX_HOME|OPENCODE_(?:BIN|CONFIG).*)$/,
];

/** The first variable of a workspace with which a program that may be run is made to run another. */
export function steeringVariable(variables: readonly string[]): string | undefined {
  return variables.find((name) => STEERING.some((pattern) => pattern.test(name)));
}

function unfit(why: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `'commands' ${why}.`,
    next: "Name programs, such as git,npm, or basic for the usual twelve.",
    data: { field: "commands" },
  });
}
