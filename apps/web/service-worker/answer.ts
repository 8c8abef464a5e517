import type { Asks } from "./news.ts";
import { quickAnswers } from "./quick-answers.ts";
import type { Told } from "./told.ts";

/** What became of a press: it is answered, or nothing was done, with why, and whether another press may do. */
export type Answered = { kind: "answered" } | { kind: "refused"; why: string; mayTryAgain: boolean };

interface Means {
  fetch: typeof fetch;
  told: () => Promise<Told | undefined>;
}

const PATIENCE_MS = 20_000;

/**
 * Answers with one of the presses that were shown, by its number. It says which question is answered, so that the worker
 * does nothing where that is over or another one is asked by now.
 */
export async function answer(asks: Asks, chosen: string, { fetch, told }: Means): Promise<Answered> {
  const answers = quickAnswers(asks, asks.permissions);
  const choice = answers[Number(chosen)];
  if (choice === undefined) return refused("This browser does not know that answer any more.");
  const who = await told();
  if (who === undefined) return refused("Nothing was done: this browser is not signed in.");
  const { label: _label, ...how } = choice;
  const { base, task, attempt } = asks;
  let response: Response;
  try {
    response = await fetch(`${base}/api/tasks/${encodeURIComponent(task)}/resume`, {
      method: "POST",
      headers: { authorization: `Bearer ${who.token}`, "content-type": "application/json" },
      body: JSON.stringify({ ...how, attempt }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    // It may have come all the same: then the second one finds the question over, and does nothing.
    return refused("The worker did not answer. Try again, or look in the dashboard.", true);
  }
  if (response.ok) return { kind: "answered" };
  if (response.status === 401) return refused("Nothing was done: this browser is not signed in any more.");
  const { code, message } = await reasonOf(response);
  if (code === "question_over") return refused("Nothing was done: it was answered already, or is over.");
  return refused(`Nothing was done: ${message ?? `the worker refused it (status ${response.status}).`}`);
}

function refused(why: string, mayTryAgain = false): Answered {
  return { kind: "refused", why, mayTryAgain };
}

async function reasonOf(response: Response): Promise<{ code?: string; message?: string }> {
  try {
    const { message, data } = (await response.json()) as { message?: unknown; data?: { code?: unknown } };
    return {
      ...(typeof data?.code === "string" && { code: data.code }),
      ...(typeof message === "string" && { message }),
    };
  } catch {
    return {};
  }
}
