import { readClientConfig, type ClientConfig } from "./client-config.ts";
import { given } from "./given.ts";
import type { Io } from "./io.ts";
import { hasScheme, workerUrl } from "./worker-url.ts";

/** A worker that this device knows how to reach. */
export interface Worker {
  /** What it is called on this device; the host, where it is known by an address alone. */
  readonly name: string;
  /** `http(s)://host:port` */
  readonly url: string;
  readonly token?: string;
  /** base64url of the SHA-256 of its certificate's public key (SPKI), where that was checked when this device was paired. */
  readonly pin?: string;
  /** The id of this device there. */
  readonly device?: string;
  /** Files with the certificate and the key that this device shows, as PEM. */
  readonly clientCert?: string;
  readonly clientKey?: string;
}

/** The worker of `WS_WORKER` (with `WS_TOKEN`, and `WS_PIN` of its TLS), else of `client.json`, and all that this device knows. */
export function workersOf(env: Io["env"]): { current?: Worker; all: readonly Worker[] } {
  const config = readClientConfig(env);
  const named = listOf(config);
  const byAddress =
    config.worker === undefined || findWorker(named, config.worker) !== undefined ? undefined : config.worker;
  const own = byAddress === undefined ? undefined : atAddress(byAddress, config.token);
  const all = own === undefined ? named : [...named, own];
  const asked = env["WS_WORKER"] ?? config.worker;
  if (asked === undefined) return { all };
  // Of a device that was told a token and no worker, it is for the one that the surroundings name.
  const current = findWorker(all, asked) ?? atAddress(asked, config.worker === undefined ? config.token : undefined);
  const token = env["WS_TOKEN"];
  const pin = env["WS_PIN"] === "" ? undefined : env["WS_PIN"];
  return { current: { ...current, ...given({ token, pin }) }, all };
}

/**
 * `client.json` with this worker, which becomes the current one, and what it is called there: as before where its address is
 * known, else nearly as it is `wanted`.
 */
export function withWorker(
  config: ClientConfig,
  { wanted, ...worker }: Omit<Worker, "name"> & { wanted: string },
): { config: ClientConfig; name: string } {
  const { workers = {}, ...rest } = isOwn(config, worker.url) ? withoutAddress(config) : filed(config);
  const before = listOf({ workers }).find((known) => hostOf(known.url) === hostOf(worker.url));
  const name = before?.name ?? freeName({ workers }, wanted);
  const { token: _token, pin: _pin, device: _device, ...kept } = workers[name] ?? { url: worker.url };
  return { config: { ...rest, workers: { ...workers, [name]: { ...kept, ...worker } }, worker: name }, name };
}

function withoutAddress({ worker: _worker, token: _token, ...rest }: ClientConfig): ClientConfig {
  return rest;
}

/** `client.json` with the worker of that name or address as the current one, or none. A token stays with the worker that it was for. */
export function withCurrent(config: ClientConfig, asked: string | undefined): ClientConfig {
  if (asked === undefined) {
    const { worker: _old, ...rest } = config;
    return rest;
  }
  const known = findWorker(listOf(config), asked);
  const url = known === undefined ? workerUrl(asked) : undefined;
  return { ...(url !== undefined && isOwn(config, url) ? config : filed(config)), worker: known?.name ?? url ?? asked };
}

/** `client.json` without that worker of `workersOf`, and without a current one where that was it. */
export function withoutWorker(config: ClientConfig, name: string): ClientConfig {
  const { [name]: worker, ...workers } = config.workers ?? {};
  // One that is known by its address alone.
  if (worker === undefined) return withoutAddress(config);
  const rest = { ...config, workers };
  return findWorker(listOf(config), config.worker ?? "")?.name === name ? withCurrent(rest, undefined) : rest;
}

/** `client.json` with another name for one of its workers. */
export function withRenamed(config: ClientConfig, name: string, newName: string): ClientConfig {
  const worker = config.workers?.[name];
  if (worker === undefined) return config;
  const isCurrent = findWorker(listOf(config), config.worker ?? "")?.name === name;
  const workers = Object.fromEntries(
    Object.entries(config.workers ?? {}).map(([known, kept]) => [known === name ? newName : known, kept]),
  );
  return { ...config, workers, ...(isCurrent ? { worker: newName } : {}) };
}

/** The token of the current worker; where there is none, the one that waits for it. */
export function tokenOf(config: ClientConfig): string | undefined {
  const known = config.worker === undefined ? undefined : findWorker(listOf(config), config.worker);
  return known === undefined ? config.token : known.token;
}

/** `client.json` with this token, or none, for the current worker. */
export function withToken(config: ClientConfig, token: string | undefined): ClientConfig {
  const named = config.worker === undefined ? undefined : findWorker(listOf(config), config.worker)?.name;
  if (named === undefined) return replaced(config, { token });
  const { [named]: worker, ...others } = config.workers ?? {};
  if (worker === undefined) return config;
  return { ...config, workers: { ...others, [named]: replaced(worker, { token }) } };
}

/** By its name on this device or its address; a bare host means it by whichever scheme. */
export function findWorker(workers: readonly Worker[], asked: string): Worker | undefined {
  const byName = workers.find(({ name }) => name === asked);
  if (byName !== undefined) return byName;
  const url = originOf(asked);
  if (url === undefined) return undefined;
  return hasScheme(asked)
    ? workers.find((worker) => originOf(worker.url) === url)
    : workers.find((worker) => hostOf(worker.url) === hostOf(url));
}

function listOf({ workers = {} }: ClientConfig): Worker[] {
  return Object.entries(workers).map(([name, { url, token, pin, device, clientCert, clientKey }]) => ({
    name,
    url: workerUrl(url),
    ...given({ token, pin, device, clientCert, clientKey }),
  }));
}

function atAddress(worker: string, token: string | undefined): Worker {
  const url = workerUrl(worker);
  return { name: new URL(url).hostname, url, ...given({ token }) };
}

/** Whether a token beside the workers can be only for this address. */
function isOwn({ worker, token }: ClientConfig, url: string): boolean {
  return token === undefined || worker === undefined || originOf(worker) === url;
}

/** With a worker that was known by address and token alone among the named ones, so that no other one gets that token. */
function filed(config: ClientConfig): ClientConfig {
  const { worker, token, ...rest } = config;
  const url = worker === undefined ? undefined : originOf(worker);
  const isNamed = worker !== undefined && findWorker(listOf(config), worker) !== undefined;
  if (token === undefined || url === undefined || isNamed) return config;
  return { ...rest, workers: { ...config.workers, [freeName(config, new URL(url).hostname)]: { url, token } } };
}

/** What a worker can be called here: the wanted name in small letters, digits and hyphens, with a number where that is another's. */
function freeName({ workers = {} }: ClientConfig, wanted: string): string {
  const label = /^[\d.]+$|^\[/.test(wanted) ? wanted : (wanted.split(".")[0] ?? "");
  const name =
    label
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 50) || "worker";
  for (let number = 2, free = name; ; free = `${name}-${number}`, number += 1) {
    if (!Object.hasOwn(workers, free)) return free;
  }
}

function originOf(worker: string): string | undefined {
  try {
    return workerUrl(worker);
  } catch {
    return undefined;
  }
}

function hostOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}

function replaced<T extends { token?: string }>(holder: T, { token }: { token: string | undefined }): T {
  const { token: _old, ...rest } = holder;
  return { ...rest, ...given({ token }) } as T;
}
