import { ArrowDownToLine } from "lucide-react";
import { useEffect, useState } from "react";
import { LogFrame } from "../../components/log-frame.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { followStream } from "../../follow-stream.ts";
import { useServices } from "../../services.ts";
import { createLogBuffer } from "./log-buffer.ts";

const TAIL = 1_000;
const KEPT = 5_000;

type Stream = "loading" | "live" | "reconnecting" | "ended";
const words = { loading: "loading…", live: "live", reconnecting: "reconnecting…", ended: "ended" };

/** The workspace's log as it grows. Scrolling up stops following; the button or the end starts it again. */
export default function LogsView({ name }: { name: string }) {
  const { client, connection } = useServices();
  const [text, setText] = useState("");
  const [stream, setStream] = useState<Stream>("loading");
  const [follow, setFollow] = useState(true);

  useEffect(() => {
    const buffer = createLogBuffer(KEPT);
    let painting = 0;
    let fresh = true;
    const paint = () => {
      painting = 0;
      setText(buffer.dropped ? `… earlier lines are in ws logs\n${buffer.text()}` : buffer.text());
    };
    const following = followStream<{ text: string }>({
      connection,
      open: (signal) => client.workspaces.followLogs({ name, tail: TAIL }, { signal }),
      onOpen() {
        fresh = true;
        setStream("live");
      },
      onEvent(event) {
        // Each opening begins with the last lines again.
        if (fresh) buffer.clear();
        fresh = false;
        buffer.append(event.text);
        painting ||= requestAnimationFrame(paint);
      },
      onLost: () => setStream("reconnecting"),
      // The log of a workspace that is there has no end: an agent that goes away ends it without a word.
      isOver: async (signal) => (await client.workspaces.list(undefined, { signal })).every((one) => one.name !== name),
      onEnd: () => setStream("ended"),
    });
    return () => {
      following.stop();
      cancelAnimationFrame(painting);
    };
  }, [client, connection, name]);

  return (
    <section aria-label="Logs" className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center justify-between gap-3 border-b border-line px-4 py-2 sm:px-6">
        <p role="status" className="text-[0.8125rem] text-muted">
          {words[stream]}
        </p>
        <Button
          size="small"
          aria-pressed={follow}
          variant={follow ? "secondary" : "primary"}
          onClick={() => setFollow(!follow)}
        >
          <ArrowDownToLine aria-hidden />
          {follow ? "Following" : "Follow"}
        </Button>
      </div>
      <LogFrame
        label="Log lines"
        follow={follow}
        setFollow={setFollow}
        className="min-h-0 flex-1 overflow-auto px-4 py-3 sm:px-6"
      >
        {stream === "loading" && text === "" ? (
          <div className="space-y-2">
            <Skeleton className="h-3.5 w-72 max-w-full" />
            <Skeleton className="h-3.5 w-56" />
            <Skeleton className="h-3.5 w-80 max-w-full" />
          </div>
        ) : (
          <pre className="font-mono text-[0.8125rem] leading-relaxed break-words whitespace-pre-wrap">
            {text.trim() === "" ? <span className="text-muted">Nothing was logged yet.</span> : text}
          </pre>
        )}
      </LogFrame>
    </section>
  );
}
