import type { State } from "../store/store.ts";

/** What a device is called that would like this name: with a number where another one is. */
export function freeDeviceName(state: DeviceStores, wanted: string): string {
  const taken = new Set(deviceNames(state));
  for (let number = 2, name = wanted; ; name = `${wanted}-${number}`, number += 1) if (!taken.has(name)) return name;
}

/** Of devices with a token, and of machines of the tailnet. */
function deviceNames({ tokens, tailnetNodes }: DeviceStores): string[] {
  const paired = tokens.list().filter(({ device }) => device !== undefined);
  return [...paired, ...tailnetNodes.list()].map(({ name }) => name);
}

export interface DeviceStores {
  tokens: Pick<State["tokens"], "list">;
  tailnetNodes: Pick<State["tailnetNodes"], "list">;
}
