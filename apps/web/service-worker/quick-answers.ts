/** What a coding tool wants to know, as far as one press can answer it. */
export interface Question {
  options?: readonly string[] | undefined;
  reason: "question" | "permission";
}

/** One press that answers: with words, or by letting it do what it may not. */
export type QuickAnswer = { label: string; prompt: string } | { label: string; permissions: "all" };

/** A tool that is only let go on would try the same again. */
export const DENIAL = "No, you may not do that. Go on without it.";

/** The presses that answer a question; none where it takes words of one's own. `permissions` is what the tool may do already. */
export function quickAnswers({ options = [], reason }: Question, permissions?: string): QuickAnswer[] {
  const answers: QuickAnswer[] = options.map((option) => ({ label: option, prompt: option }));
  if (reason !== "permission") return answers;
  if (permissions !== "all") answers.push({ label: "Allow all", permissions: "all" });
  return [...answers, { label: "Deny", prompt: DENIAL }];
}
