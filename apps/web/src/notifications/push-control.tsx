import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { NotificationKind } from "@ws/rpc-contract";
import { Notice } from "../components/notice.tsx";
import { ProblemText } from "../components/problem-text.tsx";
import { Button } from "../components/ui/button.tsx";
import { Row } from "../components/ui/page.tsx";
import { Switch } from "../components/ui/switch.tsx";
import { toProblem } from "../problem.ts";
import { useServices } from "../services.ts";
import { obstacle, sendTest, tell, tellNothing, toldKinds, type Obstacle } from "./subscription.ts";

const KINDS: readonly { kind: NotificationKind; label: string; hint: string }[] = [
  { kind: "asks", label: "A task needs you", hint: "It asks something, wants a sign-in, or has met a limit." },
  { kind: "failed", label: "A task failed", hint: "After its last try." },
  { kind: "finished", label: "A task is done", hint: "Of coding tools and commands alike." },
];

const OBSTACLES: Readonly<Record<Obstacle, string>> = {
  insecure: "Browsers allow this over https or on the worker itself only. Open the dashboard there.",
  unsupported: "This browser has no Web Push.",
  install: "On iPhone and iPad, first put the dashboard on the home screen: Share, then Add to Home Screen.",
  denied: "The browser was told to show no notifications of this page. Allow them in its settings for this site.",
};

const KEY = ["notifications", "told"];

/** What this browser is told while no page of the dashboard is in front. Rows for a section. */
export default function PushControl() {
  const { hub, session } = useServices();
  const queries = useQueryClient();
  const inTheWay = obstacle();
  const told = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => toldKinds(hub, signal),
    enabled: inTheWay === undefined,
  });
  const choose = useMutation({
    mutationFn: (kinds: readonly NotificationKind[]) => {
      const token = session.token() ?? "";
      return kinds.length === 0 ? tellNothing(hub, token) : tell(hub, token, kinds);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
  const test = useMutation({ mutationFn: () => sendTest(hub) });
  if (inTheWay !== undefined) return <Row label="Not in this browser" hint={OBSTACLES[inTheWay]} />;
  const chosen = (choose.isPending ? choose.variables : undefined) ?? told.data ?? [];
  const error = choose.error ?? test.error ?? told.error;
  return (
    <>
      {KINDS.map(({ kind, label, hint }) => (
        <Row key={kind} label={<span id={`told-${kind}`}>{label}</span>} hint={hint}>
          <Switch
            aria-labelledby={`told-${kind}`}
            checked={chosen.includes(kind)}
            disabled={told.isPending || choose.isPending}
            onCheckedChange={(on) =>
              choose.mutate(
                KINDS.map((known) => known.kind).filter((one) => (one === kind ? on : chosen.includes(one))),
              )
            }
          />
        </Row>
      ))}
      <Row
        label="Try it"
        hint={
          test.isSuccess
            ? "Sent. It comes when its push service delivers it, and only while no page is in front."
            : "What is sent can be read in this browser only."
        }
      >
        <Button size="small" busy={test.isPending} disabled={chosen.length === 0} onClick={() => test.mutate()}>
          Send one
        </Button>
      </Row>
      {error !== null && (
        <div className="p-4">
          <Notice tone="bad" title="This browser is not told as you chose" urgent>
            <ProblemText problem={toProblem(error)} />
          </Notice>
        </div>
      )}
    </>
  );
}
