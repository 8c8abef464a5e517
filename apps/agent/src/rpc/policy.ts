import type { PolicyChange, PolicyLayer, PolicyRules } from "@ws/workspace-core";
import type { PolicyInfo, PolicyRules as WireRules } from "@ws/rpc-contract";
import { withoutAbsent } from "../without-absent.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

export function policyRouter(guard: Guarded, { worker, ready }: Services) {
  const os = guard.policy;
  return os.router({
    get: os.get.handler(async ({ input: { name }, context: { caller } }) =>
      show((await worker()).workspaces.policies.of(name, caller?.policy)),
    ),
    update: os.update.handler(async ({ input: { name, ...change } }) =>
      show((await ready()).workspaces.policies.change(name, toChange(change))),
    ),
    repositories: os.repositories.router({
      list: os.repositories.list.handler(async () =>
        (await worker()).workspaces.policies
          .repositories()
          .map(({ repository, rules }) => ({ repository, rules: toWire(rules) })),
      ),
      update: os.repositories.update.handler(async ({ input: { repository: url, ...change } }) => {
        const { repository, rules } = (await worker()).workspaces.policies.changeRepository(url, toChange(change));
        return { repository, rules: toWire(rules) };
      }),
    }),
  });
}

function show({ layers }: { layers: readonly PolicyLayer[] }): PolicyInfo {
  return {
    rules: toWire(layers.find((layer) => layer.of === "workspace")?.rules ?? {}),
    layers: layers.map(({ rules, ...layer }) => ({ ...layer, rules: toWire(rules) })),
  };
}

function toChange({ set, unset }: { set?: WireRules | undefined; unset?: string[] | undefined }): PolicyChange {
  return withoutAbsent({ set: set && withoutAbsent(set), unset });
}

function toWire({ allowedPaths, writablePaths, hiddenPaths, commands, ...rules }: PolicyRules): WireRules {
  return {
    ...rules,
    ...withoutAbsent({
      allowedPaths: copy(allowedPaths),
      writablePaths: copy(writablePaths),
      hiddenPaths: copy(hiddenPaths),
      commands: copy(commands),
    }),
  };
}

function copy(list: readonly string[] | undefined): string[] | undefined {
  return list && [...list];
}
