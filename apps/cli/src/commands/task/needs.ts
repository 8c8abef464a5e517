import type { TaskInfo } from "@ws/rpc-contract";
import { printable } from "../../output/printable.ts";
import { localTime } from "../../output/time.ts";
import { andMore } from "./task-text.ts";

/** What a task needs before it goes on, with what to type; undefined where it needs nobody. */
export function needs({ id, status, question, error, notBefore }: TaskInfo): string | undefined {
  if (status === "waiting_input") {
    const { text = "It did not say what.", options = [], reason } = question ?? {};
    const said = reason === "permission" ? "It was not allowed to go on" : "It asks";
    const choices = options.map((option) => `\n  - ${printable(option)}`).join("");
    const allow = reason === "permission" ? `, or let it: ws task resume ${id} --permissions all` : "";
    return `${said}: ${printable(text)}${choices}\nAnswer: ws task resume ${id} "ANSWER"${allow}`;
  }
  if (status === "auth_failed") {
    const { message = "It could not log in.", next = `Then let it go on: ws task resume ${id}.` } = error ?? {};
    return `${printable(message)} ${printable(next)}`;
  }
  if (status === "limited") {
    const when = notBefore === undefined ? "later" : `at ${localTime(notBefore)}`;
    return `It met a usage limit, and goes on by itself ${when}. Try it now: ws task resume ${id}`;
  }
  return undefined;
}

/** Why a task is not what was asked for, with what to do about it; undefined where its exit code says it all. */
export function whyNot({ error }: TaskInfo): string | undefined {
  if (error === undefined || error.code === "command_failed") return undefined;
  return `${printable(error.message)} ${printable(error.next ?? "")}`.trimEnd();
}

/** Said to whoever waits with a task that needs something: until when, and how not to. */
export function staysUntil({ id, status }: TaskInfo, mayLeave: boolean): string {
  const resumed = `'ws task resume ${id}' lets it go on`;
  const until = status === "waiting_input" ? "it is answered" : status === "limited" ? "its limit ends" : resumed;
  return `Waiting here until ${until}. Ctrl-C leaves it as it is${mayLeave ? "; with --no-wait nothing waits" : ""}.`;
}

/** What a task waits for that needs nobody: those before it, or what keeps it though its turn has come. */
export function waitsFor({ waits, waitsFor: tasks = [] }: TaskInfo): string | undefined {
  const [before] = tasks;
  if (before !== undefined) {
    return `It waits for ${before}${andMore(tasks)} to be completed. See how that stands: ws task show ${before}.`;
  }
  if (waits === undefined) return undefined;
  return `It waits: ${printable(waits.message)} ${printable(waits.next ?? "")}`.trimEnd();
}
