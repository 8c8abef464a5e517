import { z } from "zod";

/** One setting: its place in config.json (dots nest), what may stand there, and what people read about it. */
export interface SettingDefinition<T = unknown> {
  schema: z.ZodType<T>;
  default: NoInfer<T>;
  description: string;
  /** Variables that override the file; the first one that is set holds. */
  env: readonly string[];
  /** Whether a change waits for the next start of the agent. */
  restart: boolean;
  /** Whether its value lies in the secret store, and nothing but its last four characters is ever shown. */
  secret?: true;
}

const subnet = z.cidrv4();
/** A GitHub is all of a host: its addresses of repositories, and of its API, are made of that. */
const site = z
  .url({ protocol: /^https$/ })
  .refine((text) => isPlain(text, "/"), "must be https://HOST, without a path");

/** Every setting of the worker. The documentation, `ws config list` and the schema of config.json come from here. */
export const SETTINGS = {
  port: define({
    schema: z.number().int().min(0).max(65_535),
    default: 7391,
    description: "TCP port of the API and the dashboard; 0 picks a free one.",
    env: ["WS_PORT"],
    restart: true,
  }),
  host: define({
    schema: z.string().min(1),
    default: "127.0.0.1",
    description: "Address to listen on. Anything but loopback also needs `insecureListen`.",
    env: ["WS_HOST"],
    restart: true,
  }),
  insecureListen: define({
    schema: z.boolean(),
    default: false,
    description: "Allows listening beyond loopback without TLS: tokens then cross the network readably.",
    env: ["WS_INSECURE_LISTEN"],
    restart: true,
  }),
  allowedHosts: define({
    schema: z.array(z.string().regex(/^[a-z0-9*][a-z0-9.-]*$/i)),
    default: [],
    description:
      "Further host names under which the agent may be addressed, such as those of a reverse proxy. IP addresses, localhost and this machine's own name always work.",
    env: ["WS_ALLOWED_HOSTS"],
    restart: false,
  }),
  runtime: define({
    schema: z.enum(["auto", "docker", "local"]),
    default: "auto",
    description: "What new workspaces run on. `auto` is Docker wherever an engine answers, else `local`.",
    env: ["WS_RUNTIME"],
    restart: true,
  }),
  workspacesDir: define({
    schema: z.string(),
    default: "",
    description: "Directory of the local runtime's workspaces; `workspaces` beside config.json where empty.",
    env: ["WS_WORKSPACES_DIR", "PARALLAX_WORKSPACES_DIR"],
    restart: true,
  }),
  workspaceTtlSeconds: define({
    schema: z.number().int().min(1).max(31_536_000),
    default: 3_600,
    description:
      "How long a workspace of an execution runs before it is stopped or cleaned up, unless it says otherwise.",
    env: ["WS_WORKSPACE_TTL_SECONDS", "PARALLAX_WORKSPACE_TTL_SECONDS"],
    restart: false,
  }),
  autoCleanup: define({
    schema: z.boolean(),
    default: true,
    description:
      "Whether workspaces of executions are removed when their TTL or their execution ends; never with work in them that lies nowhere else.",
    env: ["WS_WORKSPACE_AUTO_CLEANUP", "PARALLAX_WORKSPACE_AUTO_CLEANUP"],
    restart: false,
  }),
  "tasks.perWorkspace": define({
    schema: z.number().int().min(1).max(1_000),
    default: 3,
    description: "How many tasks run at once in one workspace.",
    env: ["WS_TASKS_PER_WORKSPACE"],
    restart: false,
  }),
  "tasks.global": define({
    schema: z.number().int().min(1).max(10_000),
    default: 32,
    description: "How many tasks run at once on the whole worker.",
    env: ["WS_TASKS_GLOBAL"],
    restart: false,
  }),
  "docker.image": define({
    schema: z.string(),
    default: "",
    description: "Image of new containers; the image that this worker builds itself where empty.",
    env: ["WS_IMAGE"],
    restart: true,
  }),
  "docker.subnet": define({
    schema: z.string().refine((text) => text === "" || subnet.safeParse(text).success, "must look like 10.77.0.0/22"),
    default: "",
    description: "IPv4 network of the containers; a free one where empty.",
    env: ["WS_DOCKER_SUBNET"],
    restart: true,
  }),
  "docker.allowLan": define({
    schema: z.boolean(),
    default: true,
    description: "Whether workspaces may reach private addresses other than the worker itself.",
    env: ["WS_DOCKER_ALLOW_LAN"],
    restart: true,
  }),
  "local.sandbox": define({
    schema: z.enum(["auto", "bubblewrap", "none"]),
    default: "auto",
    description:
      "Sandbox of the local runtime. `auto` is bubblewrap where it works, `bubblewrap` refuses to work without it, `none` never uses it.",
    env: ["WS_LOCAL_SANDBOX"],
    restart: true,
  }),
  "git.ca": define({
    schema: z.array(z.string().min(1)),
    default: [],
    description: "PEM files of certificate authorities that git servers may have, beside the machine's own.",
    env: ["WS_GIT_CA", "GIT_SSL_CAINFO"],
    restart: true,
  }),
  "git.allowPrivateAddresses": define({
    schema: z.boolean(),
    default: false,
    description: "Whether git in a workspace may reach servers at private addresses other than its own repository's.",
    env: ["WS_GIT_ALLOW_PRIVATE"],
    restart: true,
  }),
  "git.knownHosts": define({
    schema: z.string(),
    default: "~/.ssh/known_hosts",
    description:
      "The file with the keys of SSH servers that git may be led to; a key that was given with a credential, `ws credential set NAME --host-key KEY`, goes before it.",
    env: ["WS_GIT_KNOWN_HOSTS"],
    restart: false,
  }),
  "git.branchPrefix": define({
    schema: z.string().min(1),
    default: "parallax",
    description: "What the branches of workspaces begin with: PREFIX/EXECUTION/ROLE/SLUG.",
    env: ["WS_GIT_BRANCH_PREFIX"],
    restart: true,
  }),
  "git.roots": define({
    schema: z.array(z.string().regex(/^(?:\/|~)/, "must be an absolute path")),
    default: [],
    description:
      "Directories on the worker whose bare repositories `#git:PATH` may use; those that `#git:NAME` makes lie beside config.json.",
    env: ["WS_GIT_ROOTS"],
    restart: false,
  }),
  "git.name": define({
    schema: z.string(),
    default: "",
    description:
      "Author and committer name in workspaces; that of the GitHub App where a workspace uses it, else that of the git configuration of the worker's user, where empty. What `git config` says in a workspace counts for more.",
    env: ["WS_GIT_NAME"],
    restart: false,
  }),
  "git.email": define({
    schema: z.string(),
    default: "",
    description:
      "Author and committer address in workspaces; that of the GitHub App where a workspace uses it, else that of the git configuration of the worker's user, where empty.",
    env: ["WS_GIT_EMAIL"],
    restart: false,
  }),
  "github.url": define({
    schema: site,
    default: "https://github.com",
    description:
      "The GitHub of the app and of `ws login github`: `https://HOST` of an Enterprise server, which is then beside github.com.",
    env: ["WS_GITHUB_URL"],
    restart: true,
  }),
  "github.apiUrl": define({
    schema: z.string().refine((text) => text === "" || isPlain(text), "must be https://HOST or https://HOST/api/v3"),
    default: "",
    description: "Where its API is; `https://api.github.com`, or `/api/v3` of an Enterprise, where empty.",
    env: ["WS_GITHUB_API_URL"],
    restart: true,
  }),
  "github.servers": define({
    schema: z.array(site),
    default: [],
    description:
      "Further GitHub Enterprise servers, as `https://HOST`: pull requests, `#gh:HOST/org/repo` and `gh` work with each. A token of one is given with `ws credential set NAME --host HOST`.",
    env: ["WS_GITHUB_SERVERS"],
    restart: true,
  }),
  "github.appId": define({
    schema: z.union([z.string(), z.number().int().positive()]),
    default: "",
    description: "The id of a GitHub App whose tokens workspaces' git uses, each for one repository.",
    env: ["WS_GITHUB_APP_ID", "PARALLAX_GITHUB_APP_ID"],
    restart: false,
  }),
  "github.privateKeyPath": define({
    schema: z.string(),
    default: "",
    description: "The file with the app's private key.",
    env: ["WS_GITHUB_PRIVATE_KEY_PATH", "PARALLAX_GITHUB_PRIVATE_KEY_PATH"],
    restart: false,
  }),
  "github.privateKey": define({
    schema: z.string(),
    default: "",
    description:
      "The app's private key itself, its line ends written as `\\n`. Kept in `secrets.json`; better given with `ws credential set github-app`.",
    env: ["WS_GITHUB_PRIVATE_KEY", "PARALLAX_GITHUB_PRIVATE_KEY"],
    restart: false,
    secret: true,
  }),
  "github.clientId": define({
    schema: z.string(),
    default: "",
    description: "The client id of an app with device flow, which `ws login github` needs.",
    env: ["WS_GITHUB_CLIENT_ID", "PARALLAX_GITHUB_CLIENT_ID"],
    restart: false,
  }),
  "scripts.post_start": define({
    schema: z.union([z.string(), z.array(z.string())]),
    default: [],
    description: "Scripts on the worker that run in each workspace, as its user, after the clone and after each start.",
    env: [],
    restart: false,
  }),
  "scripts.fail_on_error": define({
    schema: z.boolean(),
    default: false,
    description: "Whether a script that ends with an error fails the start; otherwise it is a line in the logs.",
    env: [],
    restart: false,
  }),
  providers: define({
    schema: z.array(
      z
        .string()
        .regex(
          /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(?:#sha256-[0-9a-f]{64})?$/,
          "must be the name of an npm package, or NAME#sha256-HASH",
        ),
    ),
    default: [],
    description:
      "Packages of npm with further providers of references, asked before the built-in ones. They are installed beside config.json: `npm install --prefix DIRECTORY PACKAGE`. As `PACKAGE#sha256-HASH`, which `ws provider list` shows, one is used only as long as nothing in it or in what it depends on has changed.",
    env: ["WS_PROVIDERS"],
    restart: true,
  }),
  disabledProviders: define({
    schema: z.array(z.string().min(1)),
    default: [],
    description: "Providers that are not asked, by name or type of reference; `all` switches off every one.",
    env: ["WS_DISABLE_PROVIDERS"],
    restart: true,
  }),
  logLevel: define({
    schema: z.enum(["debug", "info", "warn", "error"]),
    default: "info",
    description: "The least important lines that are logged.",
    env: ["WS_LOG_LEVEL"],
    restart: true,
  }),
} as const;

export type SettingKey = keyof typeof SETTINGS;
export type SettingValue<K extends SettingKey> = (typeof SETTINGS)[K]["default"];

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}

/**
 * A value as a command line or an environment variable gives it, in the form the schema wants: numbers, booleans and
 * comma-separated lists may come as text. What cannot be read is returned unchanged, for the schema to refuse.
 */
export function coerce(key: SettingKey, value: unknown): unknown {
  if (typeof value !== "string") return value;
  const { schema, default: fallback } = SETTINGS[key] as SettingDefinition;
  if (schema.safeParse(value).success) return value;
  if (Array.isArray(fallback)) {
    return value
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "");
  }
  if (typeof fallback === "boolean") {
    if (["true", "1", "yes", "on"].includes(value.toLowerCase())) return true;
    if (["false", "0", "no", "off", ""].includes(value.toLowerCase())) return false;
  }
  return typeof fallback === "number" && /^\d+$/.test(value) ? Number(value) : value;
}

/** Whether a URL says a place and nothing else: nobody's name, and nothing to ask there. By http only one that no network leads to. */
function isPlain(text: string, path?: string): boolean {
  const url = URL.parse(text);
  if (url === null || (path ?? url.pathname) !== url.pathname || url.port === "0" || !isHost(url.hostname))
    return false;
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(isHere && url.protocol === "http:")) return false;
  return [url.username, url.password, url.search, url.hash].every((part) => part === "");
}

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** As git's addresses have one: what is refused there must not be what the next start reads. */
function isHost(name: string): boolean {
  if (name.startsWith("[")) return !name.startsWith("[::ffff:");
  return name.length <= 253 && name.split(".").every((label) => LABEL.test(label));
}

function define<T>(definition: SettingDefinition<T>): SettingDefinition<T> {
  return definition;
}
