import type { FakeRunProgram } from "../fake-runs.ts";
import type { Clock } from "../../ports.ts";
import { play, type Conversations, type Dialect } from "./play.ts";

/** The stand-in as programs of fake runs, which share the conversations of one home. */
export function fakeAgents(options: {
  clock: Pick<Clock, "now" | "sleep">;
  conversations: Map<string, readonly string[]>;
  env?: () => Readonly<Record<string, string>>;
}): Record<Dialect, FakeRunProgram> {
  const { clock, conversations: held, env = () => ({}) } = options;
  const conversations: Conversations = {
    get: (session) => held.get(session)?.slice(),
    set: (session, told) => void held.set(session, told),
  };

  const program =
    (dialect: Dialect): FakeRunProgram =>
    async ({ request, print, printError, signal }) => {
      const steps = play({
        dialect,
        argv: request.argv.slice(1),
        told: new TextDecoder().decode(request.stdin),
        env: { ...env(), ...request.env },
        now: clock.now(),
        newSession: `ses-${held.size + 1}`,
        conversations,
      });
      for (const step of steps) {
        if (step === "hang") {
          await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
          return {};
        }
        if ("out" in step) print(step.out);
        else if ("err" in step) printError(step.err);
        else if ("sleep" in step) await clock.sleep(step.sleep, signal).catch(() => undefined);
        else return { code: step.exit };
      }
      return { code: 0 };
    };

  return { claude: program("claude"), codex: program("codex"), opencode: program("opencode") };
}
