import { expect, test } from "vitest";
import type { AskSecret } from "../../forge.ts";
import { expectRefusal, type ForgeUnderTest, newPullRequest, passing } from "./under-test.ts";

export function faultTests(current: () => ForgeUnderTest): void {
  /** The subject's secret, and what was asked of it. */
  function watched(): { ask: AskSecret; refusals: (string | undefined)[] } {
    const { secret } = current();
    const refusals: (string | undefined)[] = [];
    return {
      refusals,
      ask: (options) => {
        refusals.push(options?.refused);
        return secret(options);
      },
    };
  }

  test("asks for another secret when one is refused, and goes on with it", async () => {
    const { forge, secret, repository, fault } = current();
    const { url, push, pullRequests } = await repository();
    await push("work");
    const { ask, refusals } = watched();
    const password = (await secret())?.password;
    fault({ kind: "refused" });
    await forge.open(url, ask).createPullRequest(newPullRequest("work"));
    expect(refusals.filter((refused) => refused !== undefined)).toEqual([password]);
    expect(await pullRequests()).toHaveLength(1);
  });

  test("says that authentication failed when the second secret is refused too, and asks for no third", async () => {
    const { forge, secret, repository } = current();
    const { url } = await repository();
    const good = await secret();
    const asked: (string | undefined)[] = [];
    const wrong: AskSecret = async (options) => {
      asked.push(options?.refused);
      return good && { ...good, password: `wrong-${asked.length}` };
    };
    const error = await expectRefusal(forge.open(url, wrong).defaultBranch(), "authentication_failed");
    expect(error.message).toContain("Authentication failed");
    expect(asked).toEqual([undefined, "wrong-1"]);
    for (const text of [error.message, error.next ?? "", String(error.cause)]) expect(text).not.toMatch(/wrong-\d/);
  });

  test("says that authentication failed when there is no other secret", async () => {
    const { forge, secret, repository } = current();
    const { url } = await repository();
    const good = await secret();
    const once: AskSecret = async (options) =>
      options?.refused === undefined && good ? { ...good, password: "wrong" } : undefined;
    await expectRefusal(forge.open(url, once).defaultBranch(), "authentication_failed");
  });

  test("passes on why there is no secret", async () => {
    const { forge, repository } = current();
    const { url } = await repository();
    const broken = forge.open(url, () => Promise.reject(new Error("the key was cut")));
    await expect(broken.defaultBranch()).rejects.toThrow("the key was cut");
  });

  test("waits for a limit that ends within seconds", async () => {
    const { clock, repository, open, fault } = current();
    const served = await repository();
    fault({ kind: "rate_limited", forMs: 3_000 });
    const waiting = open(served).defaultBranch();
    await clock.idle();
    clock.advance(5_000);
    expect(await waiting).toBe("main");
  });

  test("ends such a wait when it is cancelled", async () => {
    const { clock, repository, open, fault } = current();
    const served = await repository();
    const controller = new AbortController();
    fault({ kind: "rate_limited", forMs: 3_000 });
    const waiting = open(served).defaultBranch(controller.signal);
    await clock.idle();
    controller.abort();
    await expectRefusal(waiting, "aborted");
  });

  test("tells when to come back where a limit lasts longer", async () => {
    const { clock, repository, open, fault } = current();
    const served = await repository();
    fault({ kind: "rate_limited", forMs: 1_800_000 });
    const error = await expectRefusal(open(served).defaultBranch(), "forge_rate_limited");
    expect(Math.abs(error.data.retryAt - clock.now() - 1_800_000)).toBeLessThan(3_000);
    expect(await open(served).defaultBranch()).toBe("main");
  });

  test("goes on after a moment's failure", async () => {
    const { clock, repository, open, fault } = current();
    const served = await repository();
    fault({ kind: "unavailable", times: 1 });
    expect(await passing(clock, open(served).defaultBranch())).toBe("main");
  });

  test("opens one pull request where the forge failed before it made one", async () => {
    const { clock, repository, open, fault } = current();
    const served = await repository();
    await served.push("work");
    fault({ kind: "unavailable", times: 2 });
    const made = await passing(clock, open(served).createPullRequest(newPullRequest("work")));
    expect(made.number).toBe(1);
    expect(await served.pullRequests()).toHaveLength(1);
  });

  test("says that the forge cannot be reached while it goes on failing", async () => {
    const { clock, repository, open, fault, forge } = current();
    const served = await repository();
    fault({ kind: "unavailable", times: 3 });
    const error = await expectRefusal(passing(clock, open(served).defaultBranch()), "forge_unreachable");
    expect(forge.serves(`https://${error.data.host}/o/r`)).toBe(true);
  });

  test("opens one pull request where the answer to its creation is lost", async () => {
    const { clock, repository, open, fault } = current();
    const served = await repository();
    await served.push("work");
    fault({ kind: "lost_answer" });
    const made = await passing(clock, open(served).createPullRequest(newPullRequest("work", { title: "once" })));
    expect(made).toMatchObject({ number: 1, title: "once" });
    expect(await served.pullRequests()).toHaveLength(1);
  });

  test("opens one pull request in two calls where the first learnt nothing of what it did", async () => {
    const { clock, repository, open, fault } = current();
    const served = await repository();
    await served.push("work");
    fault({ kind: "lost_answer", gone: true });
    const first = passing(clock, open(served).createPullRequest(newPullRequest("work")));
    await expectRefusal(first, "forge_unreachable");
    expect(await served.pullRequests()).toHaveLength(1);
    expect(await open(served).createPullRequest(newPullRequest("work"))).toMatchObject({ number: 1 });
    expect(await served.pullRequests()).toHaveLength(1);
  });

  test("ends what is under way, and begins nothing, when it is cancelled", async () => {
    const { repository, open, fault } = current();
    const served = await repository();
    const { ask, refusals } = watched();
    const gone = current().forge.open(served.url, ask).defaultBranch(AbortSignal.abort());
    await expectRefusal(gone, "aborted");
    expect(refusals).toEqual([]);
    fault({ kind: "silent" });
    const controller = new AbortController();
    const silent = open(served).pullRequest(1, controller.signal);
    setTimeout(() => controller.abort(), 20);
    await expectRefusal(silent, "aborted");
  });
}
