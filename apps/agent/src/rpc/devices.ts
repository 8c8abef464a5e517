import type { DeviceInfo } from "@ws/rpc-contract";
import { excerpt, WsError } from "@ws/workspace-core";
import type { DeviceStores } from "../access/device-names.ts";
import { LOCAL_ADMIN, type Caller } from "../access/caller.ts";
import type { TailnetNode } from "../store/tailnet-nodes.ts";
import type { Device, Token } from "../store/tokens.ts";
import type { RequestContext, Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

export function devicesRouter(
  guard: Guarded,
  { state, sessions, sshPorts, tailnet }: Pick<Services, "state" | "sessions" | "sshPorts" | "tailnet">,
) {
  const os = guard.devices;
  const { tokens, tailnetNodes } = state;

  /** An administrator's are all; any other caller's is itself. Throws `device_not_found`, `forbidden`. */
  function find(asked: string, { caller = LOCAL_ADMIN }: RequestContext): KnownDevice {
    const own = caller.token?.id;
    if (caller.scope === "admin") return deviceNamed(state, asked);
    const itself = devicesOf(state).find(({ id, name }) => id === own && (id === asked || name === asked));
    if (itself !== undefined) return itself;
    throw forItself();
  }

  function shown(id: string, { caller }: RequestContext): DeviceInfo {
    return showDevice(deviceNamed(state, id), caller);
  }

  return os.router({
    list: os.list.handler(({ context: { caller = LOCAL_ADMIN } }) =>
      devicesOf(state)
        .filter(({ id }) => caller.scope === "admin" || id === caller.token?.id)
        .map((device) => showDevice(device, caller)),
    ),
    rename: os.rename.handler(({ input, context }) => {
      const device = find(input.device, context);
      const { id } = device;
      const taken = devicesOf(state).some((other) => other.id !== id && other.name === input.newName);
      if (taken) {
        throw new WsError("name_taken", {
          message: `There is a device '${input.newName}' already.`,
          next: "Choose another name.",
          data: { name: input.newName },
        });
      }
      if ("device" in device) tokens.change(id, { name: input.newName });
      else tailnetNodes.rename(id, input.newName);
      return shown(id, context);
    }),
    revoke: os.revoke.handler(({ input, context }) => {
      const device = find(input.device, context);
      const end = (id: string): void => {
        state.codes.endOf(id);
        // By id: a token for a script may have the same name.
        for (const gone of tokens.revoke(id, context.caller?.token?.id)) sessions.revoke(gone);
      };
      if ("device" in device) end(device.id);
      else {
        tailnetNodes.deny(device.id);
        tailnet.end(device.id);
        state.codes.endOf(device.id);
        // Its browsers were signed in because of what the tailnet says, and nobody has let them in besides.
        for (const { id } of tokens.list().filter((token) => token.device?.by === device.id)) end(id);
      }
      sshPorts.keysChanged();
      return showDevice(device, context.caller);
    }),
    setKey: os.setKey.handler(({ input, context }) => {
      const token = find(input.device, context);
      if (!("device" in token)) throw withoutKey(token);
      const { sshKey: _old, ...device } = token.device;
      const { sshKey } = input;
      tokens.change(token.id, { device: sshKey === undefined ? device : { ...device, sshKey } });
      sshPorts.keysChanged();
      return shown(token.id, context);
    }),
  });
}

/** Who has a token, and who comes over the tailnet without one. */
type KnownDevice = (Token & { device: Device }) | TailnetNode;

/** Who was paired or signed in, and then who came over the tailnet; of each the oldest first. */
function devicesOf({ tokens, tailnetNodes }: DeviceStores): KnownDevice[] {
  const paired = tokens.list().filter((token): token is Token & { device: Device } => token.device !== undefined);
  return [...paired, ...tailnetNodes.list()];
}

/** By id or name. Throws `device_not_found`. */
export function deviceNamed(state: DeviceStores, asked: string): KnownDevice {
  const found = devicesOf(state).find(({ id, name }) => id === asked || name === asked);
  if (found !== undefined) return found;
  const device = excerpt(asked);
  throw new WsError("device_not_found", {
    message: `There is no device '${device}'.`,
    next: "See them: ws devices.",
    data: { device },
  });
}

export function showDevice(device: KnownDevice, caller?: Caller): DeviceInfo {
  const { id, name, createdAt, lastUsedAt } = device;
  const common = {
    id,
    name,
    created: new Date(createdAt).toISOString(),
    own: caller?.token?.id === id,
    ...(lastUsedAt === undefined ? {} : { lastUsed: new Date(lastUsedAt).toISOString() }),
  };
  if (!("device" in device)) return { ...common, kind: "tailnet", platform: device.login, scope: "-" };
  const { kind, platform, sshKey } = device.device;
  return {
    ...common,
    kind,
    platform,
    scope: device.scope,
    ...(device.lastUsedFrom === undefined ? {} : { lastFrom: device.lastUsedFrom }),
    ...(device.expiresAt === undefined ? {} : { expires: new Date(device.expiresAt).toISOString() }),
    ...(sshKey === undefined ? {} : { sshKey }),
  };
}

/** Its tailnet says who it is, and over SSH that is not asked. */
function withoutKey({ name }: TailnetNode): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `'${name}' is known by the tailnet alone, and has no key here.`,
    next: "Pair it first: ws pair on the worker, then there ws pair HOST CODE.",
    data: { field: "device" },
  });
}

/** The same of a device that there is and of one that there is not. */
function forItself(): WsError<"forbidden"> {
  return new WsError("forbidden", {
    message: "This device may change nothing but itself.",
    next: "Do it on the worker, or from a device that is an administrator's.",
    data: { needs: "admin" },
  });
}
