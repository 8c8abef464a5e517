import { getNodeValue, type Node } from "jsonc-parser";
import { excerpt } from "../names.ts";
import { commandsOf, isLifecycle } from "./commands.ts";
import { featureOf } from "./features.ts";
import { pathWithin } from "./paths.ts";
import type { DevcontainerPlan, DevcontainerReading, Refusal } from "./plan.ts";
import { createPorts } from "./ports.ts";
import { asksAnAddress } from "./registry.ts";

/** What would change how a workspace is kept apart from the worker, or be done outside of it. */
const REFUSED: Readonly<Record<string, string>> = {
  runArgs: "arguments of 'docker run' would decide what keeps the workspace apart from the worker",
  mounts: "a workspace is shown no directory, volume or socket of the worker's",
  workspaceMount: "a workspace is shown no directory of the worker's",
  privileged: "no workspace is privileged",
  capAdd: "a workspace is given no further capability",
  securityOpt: "what keeps the workspace apart is not for its repository to say",
  initializeCommand: "it would run on the worker itself",
  dockerComposeFile: "a workspace is one container",
  service: "a workspace is one container",
  runServices: "a workspace is one container",
  appPort: "a workspace publishes no port; use forwardPorts",
};

/** What means nothing here and does no harm. */
const UNNEEDED: ReadonlySet<string> = new Set([
  "$schema",
  "name",
  "customizations",
  "extensions",
  "settings",
  "init",
  "otherPortsAttributes",
  "overrideCommand",
  "overrideFeatureInstallOrder",
  "shutdownAction",
  "updateRemoteUserUID",
  "userEnvProbe",
  "waitFor",
]);

/** Known, and not followed: said, because somebody may miss it. */
const NOT_FOLLOWED: Readonly<Record<string, string>> = {
  hostRequirements: "limits are given with --cpus and --memory",
  postAttachCommand: "nobody attaches here; use postStartCommand",
  secrets: "secrets are given with 'ws credential set'",
  workspaceFolder: "the repository lies where all workspaces have it",
};

/** A name that the engine knows an image by. */
const IMAGE = /^[a-z0-9][a-z0-9._/:@-]{0,254}$/i;
const USER = /^(?:[a-z_][a-z0-9_-]{0,31}|\d{1,9})$/i;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const STAGE = /^[A-Za-z0-9][\w.-]{0,127}$/;
/** What only the machine that the file was written for could fill in. */
const OF_ANOTHER_MACHINE = /\$\{(?:localEnv:|env:|localWorkspaceFolder\}|containerEnv:)[^}]*\}?/i;

/** All of them stand in the workspace's record. */
const MOST = 100;
/** No program can be started beside a variable of 128 KiB, and what is filled in makes it longer. */
const MOST_TEXT_BYTES = 32_768;

const NO_ADDRESS = "the engine would ask an address, not a registry by its name";

interface Property {
  name: string;
  value: Node;
}

/** Takes an allow-list to everything that stands in the file, also to what stands there twice. */
export function judge(
  root: Node,
  { path, lineOf }: { path: string; lineOf: (offset: number) => number },
): DevcontainerReading {
  const refused: Refusal[] = [];
  const warnings: string[] = [];
  const plan: DevcontainerPlan = { path, env: {}, ports: [], created: [], started: [], features: [] };
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const ports = createPorts();
  /** Of variables, wherever the property stands. */
  const counts = new Map<string, number>();
  let user: { remote?: string; container?: string } = {};
  let old: { dockerfile?: string; context?: string } = {};
  const env: { container: Record<string, string>; remote: Record<string, string> } = { container: {}, remote: {} };

  const refuse = (property: string, at: Node, reason: string): void => {
    refused.push({ line: lineOf(at.offset), property, reason });
  };
  /** Its text, where it is one that means the same everywhere. */
  function text(property: string, node: Node, pattern?: RegExp): string | undefined {
    const value: unknown = node.value;
    if (typeof value !== "string") refuse(property, node, "it is not a text");
    else if (value.includes("\0")) refuse(property, node, "it has a character in it that no program can be given");
    else if (new TextEncoder().encode(value).length > MOST_TEXT_BYTES) {
      refuse(property, node, `it takes more than ${MOST_TEXT_BYTES} bytes`);
    } else if (OF_ANOTHER_MACHINE.test(value)) {
      refuse(property, node, `'${excerpt(value)}' asks for what another machine has`);
    } else if (pattern?.test(value) === false) refuse(property, node, `'${excerpt(value)}' is not one`);
    else return value;
    return undefined;
  }
  function texts(property: string, node: Node): Record<string, string> {
    if (node.type !== "object") {
      refuse(property, node, "it does not hold names and texts");
      return {};
    }
    const found: [string, string][] = [];
    for (const { name, value } of propertiesOf(node)) {
      const named = `${property}.${excerpt(name)}`;
      if (!VARIABLE.test(name)) {
        refuse(named, value, "that is not the name of a variable");
        continue;
      }
      const said = text(named, value);
      if (said === undefined) continue;
      const count = (counts.get(property) ?? 0) + 1;
      if (count > MOST) {
        refuse(property, value, `it has more than ${MOST} of them`);
        break;
      }
      counts.set(property, count);
      found.push([name, said]);
    }
    return Object.fromEntries(found);
  }
  function within(property: string, node: Node): string | undefined {
    const said = text(property, node);
    if (said === undefined) return undefined;
    const found = pathWithin(folder, said);
    if (found === undefined) refuse(property, node, `'${excerpt(said)}' leads out of the repository`);
    return found;
  }
  function build(node: Node): void {
    if (node.type !== "object") return refuse("build", node, "it holds no properties");
    const parts: { dockerfile?: string; context?: string; target?: string; args?: Record<string, string> } = {};
    const readers: Readonly<Record<string, (value: Node) => void>> = {
      dockerfile: (value) => assign(parts, "dockerfile", within("build.dockerfile", value)),
      context: (value) => assign(parts, "context", within("build.context", value)),
      target: (value) => assign(parts, "target", text("build.target", value, STAGE)),
      args: (value) => assign(parts, "args", texts("build.args", value)),
      // What was built elsewhere is of no use here.
      cacheFrom: () => undefined,
    };
    for (const { name, value } of propertiesOf(node)) {
      const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
      if (reader !== undefined) reader(value);
      else refuse(`build.${excerpt(name)}`, value, "it is no part of a build here");
    }
    const { dockerfile, context = folder, target, args = {} } = parts;
    if (dockerfile === undefined) return;
    const line = lineOf(node.offset);
    plan.build = { dockerfile, context, args, line, ...(target === undefined ? {} : { target }) };
  }

  const followed: Readonly<Record<string, (value: Node, name: string) => void>> = {
    image(value) {
      const name = text("image", value, IMAGE);
      if (name !== undefined && asksAnAddress(name)) refuse("image", value, NO_ADDRESS);
      else assign(plan, "image", name);
    },
    build,
    dockerFile: (value) => assign(old, "dockerfile", within("dockerFile", value)),
    context: (value) => assign(old, "context", within("context", value)),
    remoteUser: (value) => assign(user, "remote", text("remoteUser", value, USER)),
    containerUser: (value) => assign(user, "container", text("containerUser", value, USER)),
    containerEnv: (value) => Object.assign(env.container, texts("containerEnv", value)),
    remoteEnv: (value) => Object.assign(env.remote, texts("remoteEnv", value)),
    forwardPorts: (value) => ports.forward(value, refuse),
    portsAttributes: (value) => ports.attributes(value),
    features(value) {
      for (const { name, value: options } of propertiesOf(value)) {
        const found = featureOf(name);
        if (plan.features.length === MOST) return refuse("features", options, `it has more than ${MOST} of them`);
        if ("program" in found) plan.features.push({ ...found, line: lineOf(options.offset) });
        else refuse(`features.${excerpt(name)}`, options, found.reason);
      }
    },
  };

  for (const { name, value } of propertiesOf(root)) {
    if (Object.hasOwn(REFUSED, name)) {
      if (asksForSomething(value)) refuse(name, value, REFUSED[name] ?? "");
    } else if (isLifecycle(name)) {
      const { commands, problem } = commandsOf(name, value, (property, node) => text(property, node) !== undefined);
      if (problem !== undefined) refuse(name, value, problem);
      const all = plan[name === "postStartCommand" ? "started" : "created"];
      if (all.length + commands.length > MOST) refuse(name, value, `there are more than ${MOST} commands`);
      else all.push(...commands);
    } else if (Object.hasOwn(followed, name)) followed[name]?.(value, name);
    else if (Object.hasOwn(NOT_FOLLOWED, name)) {
      warnings.push(`Line ${lineOf(value.offset)}: '${name}' is left out: ${NOT_FOLLOWED[name]}.`);
    } else if (!UNNEEDED.has(name)) {
      warnings.push(`Line ${lineOf(value.offset)}: '${excerpt(name)}' is not known and is left out.`);
    }
  }

  if (plan.build === undefined && old.dockerfile !== undefined) {
    plan.build = { dockerfile: old.dockerfile, context: old.context ?? folder, args: {}, line: 1 };
  }
  if (plan.build !== undefined) delete plan.image;
  plan.env = { ...env.container, ...env.remote };
  plan.ports = ports.named();
  plan.created.sort((one, other) => ORDER.indexOf(first(one.name)) - ORDER.indexOf(first(other.name)));
  assign(plan, "user", user.remote ?? user.container);
  return { plan, refused, warnings };
}

/** In which those of a create are run, wherever they stand in the file. */
const ORDER = ["onCreateCommand", "updateContentCommand", "postCreateCommand"];

function first(name: string): string {
  return name.split(".")[0] ?? "";
}

function propertiesOf({ children = [] }: Node): Property[] {
  return children.flatMap(({ children: pair }) => {
    const [key, value] = pair ?? [];
    return key === undefined || value === undefined ? [] : [{ name: String(key.value), value }];
  });
}

/** `[]` and `false` ask for nothing. */
function asksForSomething(node: Node): boolean {
  const value: unknown = getNodeValue(node);
  if (value === null || value === false || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

function assign<T, K extends keyof T>(target: T, key: K, value: T[K] | undefined): void {
  if (value !== undefined) target[key] = value;
}
