/** What a field of the API is called on the command line, and what is given there. */
const OPTIONS: Readonly<Record<string, { option: string; form: string }>> = {
  dependsOn: { option: "--after", form: "Give a task's id as 'ws task list' shows it, such as task-0123456789ab." },
  task: { option: "<task>", form: "Give its id as 'ws task list' shows it." },
  notBefore: { option: "--not-before", form: "Give an instant, such as 2026-03-01T06:00:00Z." },
  limit: { option: "-n", form: "Give another number." },
};

/** A refusal of bad input in the words that were typed: `'dependsOn.0' is empty` was the option --after. */
export function inOptions(message: string, next: string | undefined): { message: string; next: string | undefined } {
  const [whole = "", field = ""] = /^'(\w+)(?:\.\d+)?' /.exec(message) ?? [];
  const known = Object.hasOwn(OPTIONS, field) ? OPTIONS[field] : undefined;
  if (known === undefined) return { message, next };
  return { message: `${known.option} ${message.slice(whole.length)}`, next: known.form };
}
