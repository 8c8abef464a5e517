import { useEffect, useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { useLive } from "../../live/live-context.tsx";
import { notify } from "../../notifications/browser.ts";
import type { NewsChoices } from "../../notifications/choices.ts";
import { useServices } from "../../services.ts";
import { useTasks } from "../../tasks/use-tasks.ts";
import { useInbox } from "./inbox-context.tsx";
import { createNotifier } from "./notifier.ts";
import { tellablesOf } from "./tellable.ts";

/** Tells somebody who is away, where they have let the browser do so, of what they want to be told. */
export function useAwayNews(): void {
  const { news, worker } = useServices();
  const { items } = useInbox();
  const { tasks } = useTasks();
  const { workspaces } = useLive();
  const navigate = useNavigate();
  const [{ notifier, follow, onPress }] = useState(() => createAway(news));
  useEffect(follow, [follow]);
  useEffect(() => onPress(() => void navigate("/inbox")), [navigate, onPress]);
  const all = useMemo(
    () =>
      items &&
      workspaces &&
      tellablesOf({
        items,
        tasks: tasks?.values() ?? [],
        workspaces,
        base: worker === undefined ? "" : `/on/${worker}`,
      }),
    [items, tasks, workspaces, worker],
  );
  useEffect(() => {
    if (all !== undefined) notifier.update(all);
  }, [all, notifier]);
}

function createAway({ wants }: NewsChoices) {
  let hiddenSince: number | undefined;
  let pressed = () => {};
  const look = () => {
    hiddenSince = document.visibilityState === "hidden" ? (hiddenSince ?? Date.now()) : undefined;
  };
  return {
    onPress: (then: () => void) => void (pressed = then),
    notifier: createNotifier({
      now: Date.now,
      hiddenSince: () => hiddenSince,
      wants,
      show: (news) => void notify(news, () => pressed()),
    }),
    follow() {
      look();
      document.addEventListener("visibilitychange", look);
      return () => document.removeEventListener("visibilitychange", look);
    },
  };
}
