import type { TaskInfo, TaskOutput } from "@ws/rpc-contract";
import { eventIdOf } from "@ws/rpc-contract/client";
import { useMemo } from "react";
import { isOver, statusOf } from "../../commands/task/task-text.ts";
import { toolWords } from "../../commands/task/tool-words.ts";
import { whyNot } from "../../commands/task/needs.ts";
import { given } from "../../given.ts";
import { ago } from "../../output/workspace.ts";
import { Facts, type Fact } from "../parts/facts.tsx";
import { GrowingText } from "../parts/growing-text.tsx";
import { Line, Words, type Piece } from "../parts/line.tsx";
import { Page } from "../parts/page.tsx";
import { useApp, type App } from "../state/app-context.ts";
import { useFollowedText } from "../state/follow-text.ts";
import { neededBy } from "../state/needs.ts";
import { useNow } from "../state/now.ts";
import { useTask } from "../state/task.ts";
import { taskActions } from "./task-actions.ts";
import { statusTone } from "./task-rows.tsx";

const TAIL = 1_000;

/** A task: what it is, what it needs, and what it says as it comes. */
export function Task({ id }: { id: string }) {
  const app = useApp();
  const { task, why } = useTask(id);
  const now = useNow();
  const said = useSaid(id, task?.tool);
  return (
    <Page
      screen="task"
      path={[task?.workspace || "tasks", task?.title ?? id]}
      hasText={said.text !== ""}
      actions={task === undefined ? {} : { ...goingOn(app, task), ...taskActions(app, task) }}
    >
      {why !== undefined && <Words pieces={[[why, "bad"]]} />}
      {task !== undefined && (
        <>
          <Facts facts={factsOf(task, now)} />
          <Needs task={task} />
          <Line pieces={[" "]} />
        </>
      )}
      <GrowingText
        followed={said}
        empty={task !== undefined && isOver(task) ? "It said nothing." : "It has said nothing yet."}
      />
    </Page>
  );
}

/** What it says, with a coding tool's messages as words. */
function useSaid(id: string, tool: string | undefined) {
  const { session } = useApp();
  const source = useMemo(() => {
    const { client, connection } = session;
    const words = toolWords(tool);
    return {
      connection,
      open: (signal: AbortSignal, after: string | undefined) =>
        client.tasks.output({ task: id, follow: true, tail: TAIL }, { signal, ...given({ lastEventId: after }) }),
      idOf: eventIdOf,
      textOf: ({ text }: TaskOutput) => words?.push(text) ?? text,
      isOver: async (signal: AbortSignal) => isOver(await client.tasks.get({ task: id }, { signal })),
    };
  }, [session, id, tool]);
  return useFollowedText(source);
}

function factsOf(task: TaskInfo, now: number): Fact[] {
  const { prompt, tool, model, startedAt, completedAt, createdAt } = task;
  const begun = startedAt === undefined ? "" : `, begun ${ago(startedAt, now)}`;
  const ended = completedAt === undefined ? "" : `, over ${ago(completedAt, now)}`;
  return [
    ["Status", statusOf(task), statusTone(task)],
    ["Asked", prompt],
    ...(tool === undefined ? [] : [["Tool", model === undefined ? tool : `${tool}, ${model}`] as const]),
    ["Created", `${ago(createdAt, now)}${begun}${ended}`],
  ];
}

function Needs({ task }: { task: TaskInfo }) {
  const needed = neededBy(task);
  const failed = task.status === "failed" ? whyNot(task) : undefined;
  if (needed === undefined) return failed === undefined ? null : <Words pieces={[" \n", [failed, "bad"]]} rows={5} />;
  const options = (task.question?.options ?? []).map((option): Piece => `\n  - ${option}`);
  const next = task.status === "auth_failed" ? (task.error?.next ?? "") : "";
  return <Words pieces={[" \n", [needed, "accent"], ...options, [next === "" ? "" : ` ${next}`, "muted"]]} rows={10} />;
}

function goingOn(
  app: App,
  { id, status, question, attempt }: TaskInfo,
): { answer?: () => void; allow?: () => void; resume?: () => Promise<void> } {
  const { client } = app.session;
  if (status === "auth_failed" || status === "limited") {
    return { resume: () => client.tasks.resume({ task: id }).then(() => undefined) };
  }
  if (status !== "waiting_input") return {};
  return {
    answer: () => app.open({ screen: "answer", task: id }),
    ...(question?.reason === "permission" && {
      allow: () =>
        app.ask({
          statement: "Let it go on? From now on it does whatever its workspace lets it do, without asking.",
          choices: [
            {
              key: "y",
              words: "allow",
              run: () => client.tasks.resume({ task: id, permissions: "all", attempt }).then(() => undefined),
            },
          ],
        }),
    }),
  };
}
