import { useState } from "react";
import { Field } from "../parts/field.tsx";
import { Line, Words, type Piece } from "../parts/line.tsx";
import { Page } from "../parts/page.tsx";
import { useApp } from "../state/app-context.ts";
import { neededBy } from "../state/needs.ts";
import { useTask } from "../state/task.ts";

/** What a task asks, and a line for the answer. */
export function Answer({ id }: { id: string }) {
  const app = useApp();
  const { task } = useTask(id);
  const [answer, setAnswer] = useState("");
  // What is typed answers the question that stood here when it was begun.
  const [asks, setAsks] = useState<number>();
  const type = (text: string): void => {
    if (answer === "") setAsks(task?.attempt);
    setAnswer(text);
  };
  const send = async (): Promise<void> => {
    const isHere = app.here();
    try {
      const guard = asks !== undefined && { attempt: asks };
      await app.session.client.tasks.resume({ task: id, prompt: answer.trim(), ...guard });
    } catch (error) {
      // Sent once more, it answers what stands here by now.
      setAsks(task?.attempt);
      throw error;
    }
    if (isHere()) app.back();
  };
  const asked = task === undefined ? undefined : neededBy(task);
  const options = (task?.question?.options ?? []).map((option): Piece => `\n  - ${option}`);
  return (
    <Page
      screen="answer"
      path={[task?.workspace || "tasks", task?.title ?? id, "answer"]}
      keysFor="input"
      actions={answer.trim() === "" ? {} : { send }}
    >
      <Words
        pieces={
          asked === undefined
            ? [["It does not wait for an answer any more.", "muted"]]
            : [[asked, "strong"], ...options]
        }
        rows={12}
      />
      <Line pieces={[" "]} />
      <Field title="Answer" value={answer} focused onInput={type} />
    </Page>
  );
}
