import { eventIdOf } from "@ws/rpc-contract/client";
import { useMemo, useState } from "react";
import { given } from "../../given.ts";
import { ifExists } from "../../if-exists.ts";
import { withLocalTimes } from "../../output/time.ts";
import { GrowingText } from "../parts/growing-text.tsx";
import { Page } from "../parts/page.tsx";
import { useApp } from "../state/app-context.ts";
import { useFollowedText } from "../state/follow-text.ts";
import { useStore } from "../state/store.ts";

const TAIL = 1_000;

/** What a workspace's start, its scripts and it itself said, as it comes. */
export function Logs({ id }: { id: string }) {
  const { session } = useApp();
  const now = useStore(session.workspaces)?.find((one) => one.id === id)?.name;
  // As it was called last: what it said can still be read when it is gone.
  const [name, setName] = useState(now ?? "");
  if (now !== undefined && now !== name) setName(now);
  const source = useMemo(() => {
    const { client, connection } = session;
    return {
      connection,
      open: (signal: AbortSignal, after: string | undefined) =>
        client.workspaces.followLogs({ name, tail: TAIL }, { signal, ...given({ lastEventId: after }) }),
      idOf: eventIdOf,
      textOf: ({ text }: { text: string }) => withLocalTimes(text),
      // The log of a workspace that is there has no end.
      isOver: async (signal: AbortSignal) =>
        (await ifExists(client.workspaces.get({ name }, { signal }))) === undefined,
    };
  }, [session, name]);
  const followed = useFollowedText(source);
  return (
    <Page screen="logs" path={[now ?? "gone", "logs"]} actions={{}} hasText={followed.text !== ""}>
      <GrowingText followed={followed} empty="Nothing was said yet." />
    </Page>
  );
}
