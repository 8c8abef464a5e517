import { withoutAbsent } from "../without-absent.ts";
import { contextOf, showResolved } from "../providers/resolve.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

export function providersRouter(guard: Guarded, { providers }: Services) {
  const os = guard.providers;
  return os.router({
    list: os.list.handler(async () =>
      (await providers.list()).map(({ name, source, enabled, metadata, problem, integrity, locked }) => ({
        name,
        source,
        enabled,
        ...metadata,
        ...withoutAbsent({ integrity, locked }),
        ...(problem === undefined ? {} : { problem }),
      })),
    ),
    resolve: os.resolve.handler(async ({ input: { reference, cwd }, context: { caller }, signal }) => {
      const registry = await providers.registry();
      return showResolved(await registry.resolveRef(reference, contextOf(caller, { cwd, signal, mayCreate: true })));
    }),
    peek: os.peek.handler(async ({ input: { reference, cwd }, context: { caller }, signal }) => {
      const registry = await providers.registry();
      return showResolved(await registry.resolveRef(reference, contextOf(caller, { cwd, signal, mayCreate: false })));
    }),
  });
}
