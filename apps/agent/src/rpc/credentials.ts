import type { LoginProgress } from "../runtimes/forge-credentials.ts";
import { PRESETS } from "../credentials/presets.ts";
import { instant } from "../credentials/show.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";
import { untilGone } from "./until.ts";
import { withoutAbsent } from "../without-absent.ts";

/** What workspaces may use, and who does. */
export function credentialsRouter(guard: Guarded, services: Services) {
  const os = guard.credentials;
  /** By its id, which git in a workspace tells its user to say, or by its name: nobody takes over another's id as a name. */
  const record = async (said: string) => {
    const { workspaces } = await services.worker();
    return workspaces.list().find(({ id }) => id === said) ?? workspaces.get(said);
  };
  const showRights = async (name: string) => (await services.worker()).workspaces.showRights(name);
  const given = async <T>(answer: T): Promise<T> => {
    await services.given.changed();
    return answer;
  };
  return os.router({
    list: os.list.handler(async () => (await services.credentials()).list()),
    set: os.set.handler(async ({ input, signal }) => given(await (await services.credentials()).set(input, signal))),
    presets: os.presets.handler(() => [...PRESETS]),
    test: os.test.handler(async ({ input, signal }) => (await services.credentials()).test(input.name, signal)),
    remove: os.remove.handler(async ({ input }) => given(await (await services.credentials()).remove(input.name))),
    grant: os.grant.handler(async ({ input: { name: said, ...ask }, signal }) => {
      const workspace = await record(said);
      const granted = await (await services.credentials()).grant(workspace, withoutAbsent(ask), signal);
      await showRights(workspace.name);
      return granted;
    }),
    revoke: os.revoke.handler(async ({ input: { name: said, repo } }) => {
      const workspace = await record(said);
      const revoked = await (await services.credentials()).revoke(workspace, repo);
      await showRights(workspace.name);
      return revoked;
    }),
    status: os.status.handler(async ({ input: { name } = {} }) =>
      (await services.credentials()).status(name === undefined ? undefined : await record(name)),
    ),
    login: os.login.handler(async ({ input, context, signal }) =>
      shown((await services.credentials()).login(untilGone(services, context, signal), input?.lasting)),
    ),
    cancelLogin: os.cancelLogin.handler(async () => ({ cancelled: (await services.credentials()).cancelLogin() })),
  });
}

async function* shown(progress: AsyncIterable<LoginProgress>) {
  for await (const step of progress) {
    if (step.type === "done") yield step;
    else {
      const { expiresAt, ...code } = step;
      yield { ...code, expires: instant(expiresAt) };
    }
  }
}
