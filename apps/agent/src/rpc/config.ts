import type { Setting } from "@ws/rpc-contract";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

/** What workspaces are given, as `config.credentials` knows it. */
const CREDENTIAL = /^(?:credentials\.)?(?:env|files|expose)\./;

export function configRouter(guard: Guarded, services: Services) {
  const os = guard.config;
  const { config } = services;

  function scripts() {
    const postStart = config.get("scripts.post_start");
    return {
      ...(postStart.length === 0 ? {} : { post_start: postStart }),
      fail_on_error: config.get("scripts.fail_on_error"),
    };
  }

  return os.router({
    credentials: {
      get: os.credentials.get.handler(() => config.credentials.get()),
      update: os.credentials.update.handler(async ({ input }) => {
        const updated = config.credentials.update(input);
        await services.given.changed();
        return updated;
      }),
    },
    scripts: {
      get: os.scripts.get.handler(scripts),
      update: os.scripts.update.handler(({ input }) => {
        put("scripts.post_start", input.post_start);
        put("scripts.fail_on_error", input.fail_on_error);
        return scripts();
      }),
      files: {
        list: os.scripts.files.list.handler(async () => ({
          directory: services.scripts.directory,
          files: await services.scripts.list(),
        })),
        get: os.scripts.files.get.handler(({ input }) => services.scripts.read(input.name)),
        put: os.scripts.files.put.handler(({ input }) => services.scripts.write(input)),
      },
    },
    settings: {
      list: os.settings.list.handler(() => config.list()),
      set: os.settings.set.handler(({ input }) => changed(input.key, config.set(input.key, input.value))),
      unset: os.settings.unset.handler(({ input }) => changed(input.key, config.unset(input.key))),
    },
  });

  /** What may no longer be reached is cut off at once. */
  async function changed(key: string, setting: Setting): Promise<Setting> {
    if (key.startsWith("egress.")) (await services.worker()).workspaces.egress.review();
    if (key.startsWith("tasks.") || key.startsWith("usage.")) (await services.tasks()).look();
    if (CREDENTIAL.test(key)) await services.given.changed();
    return setting;
  }

  function put(key: string, value: unknown): void {
    if (value === undefined) config.unset(key);
    else config.set(key, value);
  }
}
