import type { DeviceInfo } from "@ws/rpc-contract";
import { excerpt, WsError } from "@ws/workspace-core";
import { LOCAL_ADMIN, type Caller } from "../access/caller.ts";
import type { Device, Token, Tokens } from "../store/tokens.ts";
import type { RequestContext, Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

export function devicesRouter(guard: Guarded, { state: { tokens }, sessions }: Pick<Services, "state" | "sessions">) {
  const os = guard.devices;

  /** An administrator's are all; any other caller's is itself. Throws `device_not_found`, `forbidden`. */
  function find(asked: string, { caller = LOCAL_ADMIN }: RequestContext): DeviceToken {
    const own = caller.token?.id;
    if (caller.scope === "admin") return deviceNamed(tokens, asked);
    const itself = devicesOf(tokens).find(({ id, name }) => id === own && (id === asked || name === asked));
    if (itself !== undefined) return itself;
    throw forItself();
  }

  function change(id: string, news: Parameters<Tokens["change"]>[1], { caller }: RequestContext): DeviceInfo {
    tokens.change(id, news);
    return showDevice(deviceNamed(tokens, id), caller);
  }

  return os.router({
    list: os.list.handler(({ context: { caller = LOCAL_ADMIN } }) =>
      devicesOf(tokens)
        .filter(({ id }) => caller.scope === "admin" || id === caller.token?.id)
        .map((device) => showDevice(device, caller)),
    ),
    rename: os.rename.handler(({ input, context }) => {
      const { id } = find(input.device, context);
      const taken = devicesOf(tokens).some((other) => other.id !== id && other.name === input.newName);
      if (taken) {
        throw new WsError("name_taken", {
          message: `There is a device '${input.newName}' already.`,
          next: "Choose another name.",
          data: { name: input.newName },
        });
      }
      return change(id, { name: input.newName }, context);
    }),
    revoke: os.revoke.handler(({ input, context }) => {
      const device = find(input.device, context);
      // By id: a token for a script may have the same name.
      for (const id of tokens.revoke(device.id, context.caller?.token?.id)) sessions.revoke(id);
      return showDevice(device, context.caller);
    }),
    setKey: os.setKey.handler(({ input, context }) => {
      const token = find(input.device, context);
      const { sshKey: _old, ...device } = token.device;
      const { sshKey } = input;
      return change(token.id, { device: sshKey === undefined ? device : { ...device, sshKey } }, context);
    }),
  });
}

type DeviceToken = Token & { device: Device };

/** Who was paired or signed in, the oldest first. */
function devicesOf(tokens: Pick<Tokens, "list">): DeviceToken[] {
  return tokens.list().filter((token): token is DeviceToken => token.device !== undefined);
}

/** By id or name. Throws `device_not_found`. */
export function deviceNamed(tokens: Pick<Tokens, "list">, asked: string): DeviceToken {
  const found = devicesOf(tokens).find(({ id, name }) => id === asked || name === asked);
  if (found !== undefined) return found;
  const device = excerpt(asked);
  throw new WsError("device_not_found", {
    message: `There is no device '${device}'.`,
    next: "See them: ws devices.",
    data: { device },
  });
}

/** What a device is called that would like this name: with a number where another one is. */
export function freeDeviceName(tokens: Pick<Tokens, "list">, wanted: string): string {
  const taken = new Set(devicesOf(tokens).map(({ name }) => name));
  for (let number = 2, name = wanted; ; name = `${wanted}-${number}`, number += 1) if (!taken.has(name)) return name;
}

export function showDevice(
  { id, name, scope, device, createdAt, lastUsedAt, expiresAt }: DeviceToken,
  caller?: Caller,
): DeviceInfo {
  const { kind, platform, sshKey } = device;
  return {
    id,
    name,
    kind,
    platform,
    scope,
    created: new Date(createdAt).toISOString(),
    own: caller?.token?.id === id,
    ...(lastUsedAt === undefined ? {} : { lastUsed: new Date(lastUsedAt).toISOString() }),
    ...(expiresAt === undefined ? {} : { expires: new Date(expiresAt).toISOString() }),
    ...(sshKey === undefined ? {} : { sshKey }),
  };
}

/** The same of a device that there is and of one that there is not. */
function forItself(): WsError<"forbidden"> {
  return new WsError("forbidden", {
    message: "This device may change nothing but itself.",
    next: "Do it on the worker, or from a device that is an administrator's.",
    data: { needs: "admin" },
  });
}
