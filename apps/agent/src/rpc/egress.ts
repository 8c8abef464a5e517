import type { EgressInfo } from "@ws/rpc-contract";
import {
  EGRESS_PRESETS,
  egressList,
  egressRuleText,
  type EgressPreset,
  type EgressState,
  withAllowed,
  withDenied,
  type WorkspaceEgress,
  WsError,
} from "@ws/workspace-core";
import { withoutAbsent } from "../without-absent.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

export function egressRouter(guard: Guarded, { worker, ready, config }: Services) {
  const os = guard.egress;

  function changeWorker(of: (egress: WorkspaceEgress) => WorkspaceEgress): void {
    for (const key of ["egress.allow", "egress.deny"] as const) {
      const variable = config.variable(key);
      if (variable !== undefined) throw shadowed(key, variable);
    }
    const { allow, deny } = of({ allow: config.get("egress.allow"), deny: config.get("egress.deny") });
    config.setTogether({ "egress.allow": allow, "egress.deny": deny });
  }

  return os.router({
    get: os.get.handler(async ({ input: { name } }) => show((await worker()).workspaces.egress.get(name))),
    refusals: os.refusals.handler(async ({ input: { name } }) =>
      (await worker()).workspaces.egress.refusals(name).map(({ firstAt, lastAt, ...refusal }) => ({
        ...refusal,
        first: new Date(firstAt).toISOString(),
        last: new Date(lastAt).toISOString(),
      })),
    ),
    allow: os.allow.handler(async ({ input: { name, rule, everywhere } }) => {
      const { egress } = (await ready()).workspaces;
      if (everywhere !== true) return show(egress.allow(name, rule));
      egress.get(name);
      changeWorker((current) => withAllowed(current, rule));
      return show(egress.get(name));
    }),
    deny: os.deny.handler(async ({ input: { name, host, everywhere } }) => {
      const { egress } = (await ready()).workspaces;
      if (everywhere !== true) return show(egress.deny(name, host));
      egress.get(name);
      const presets = egressList({ presets: config.get("egress.presets"), allow: [], deny: [] }).allow;
      changeWorker((current) => withDenied(current, host, presets));
      egress.review();
      return show(egress.get(name));
    }),
    presets: os.presets.handler(() =>
      Object.entries(EGRESS_PRESETS).map(([name, { description, rules }]) => ({
        name,
        description,
        enabled: config.get("egress.presets").includes(name as EgressPreset),
        rules: [...rules],
      })),
    ),
  });
}

function show({ network, why, list: { allow, deny } }: EgressState): EgressInfo {
  const denied = deny.map(({ host, of, except }) => ({
    host,
    of,
    ...(except.length === 0 ? {} : { except: except.map(egressRuleText) }),
  }));
  return { network, ...withoutAbsent({ why }), allowed: [...allow], denied };
}

function shadowed(key: string, variable: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `What the whole worker may reach is said by ${variable}, which holds over '${key}'.`,
    next: `Change ${variable}, or allow it in one workspace: ws egress NAME allow HOST.`,
    data: { field: "everywhere" },
  });
}
