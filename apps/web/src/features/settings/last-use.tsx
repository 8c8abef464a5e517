import { TimeAgo } from "../../components/time-ago.tsx";

/** When something that lets somebody in was used last, and from where. */
export function LastUse({
  of: { lastUsed, lastFrom },
}: {
  of: { lastUsed?: string | undefined; lastFrom?: string | undefined };
}) {
  if (lastUsed === undefined) return "Never used";
  return (
    <>
      Used <TimeAgo at={lastUsed} />
      {lastFrom !== undefined && (
        <>
          {" from "}
          <span className="font-mono text-xs">{lastFrom}</span>
        </>
      )}
    </>
  );
}
