import { useQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useSearchParams } from "react-router";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { EmptyState } from "../../../components/ui/empty-state.tsx";
import { Field } from "../../../components/ui/field.tsx";
import { Select } from "../../../components/ui/select.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useServices } from "../../../services.ts";
import { FailedQuery } from "../failed-query.tsx";
import { Foot } from "../../../components/foot.tsx";
import { SettingsHeader } from "../settings-header.tsx";
import { askedIn, inputOf, PERIODS, toQuery, type Asked, type Period } from "./asked.ts";
import { AuditRow } from "./audit-row.tsx";

const PAGE = 50;
/** As many as the worker gives at once. */
const MOST = 10_000;
const CHOICES = Object.entries(PERIODS).map(([value, { label }]) => ({ value: value as Period, label }));

/** Who did what on this worker; what is asked for stands in the address. */
export default function AuditSection() {
  const { client, queries } = useServices();
  const [query, setQuery] = useSearchParams();
  const asked = askedIn(query);
  const ask = (news: Partial<Asked>) => setQuery(toQuery({ ...asked, ...news }), { replace: true });
  // The list may be long: what is typed is not to wait for it.
  const key = useDeferredValue(query.toString());
  const [more, setMore] = useState({ key, pages: 1 });
  const pages = more.key === key ? more.pages : 1;
  const limit = Math.min(MOST, pages * PAGE);
  const list = useQuery({
    queryKey: [...queries.audit.list.key(), key, limit],
    queryFn({ signal }) {
      const input = inputOf(askedIn(new URLSearchParams(key)), Date.now());
      // One more than is shown says whether there are more.
      return client.audit.list({ ...input, limit: Math.min(MOST, limit + 1) }, { signal });
    },
    placeholderData: (before) => before,
  });
  const { data } = list;
  const hasMore = data !== undefined && data.length > limit;
  const isAll = query.toString() === "";

  return (
    <>
      <SettingsHeader />
      <div className="mb-5 grid grid-cols-2 gap-3 lg:grid-cols-4">
        <TextField label="Who" placeholder="ada, tok-…, local" value={asked.who} change={(who) => ask({ who })} />
        <TextField
          label="What"
          placeholder="tasks, tokens.create"
          value={asked.action}
          change={(action) => ask({ action })}
        />
        <TextField
          label="On what"
          placeholder="a workspace, a setting"
          value={asked.target}
          change={(target) => ask({ target })}
        />
        <Field label="When">
          {(control) => (
            <Select {...control} value={asked.since} change={(since) => ask({ since })} choices={CHOICES} />
          )}
        </Field>
      </div>
      <FailedQuery query={list} title="The audit log could not be read" />
      {list.isPending && <LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-2" />}
      {data?.length === 0 && (
        <EmptyState
          Icon={ScrollText}
          title={isAll ? "Nothing has been done yet" : "Nothing of that was done"}
          action={!isAll && <Button onClick={() => setQuery({}, { replace: true })}>Show all</Button>}
        >
          {isAll
            ? "Here stands who changed what."
            : "What and on what are whole names, or the beginning of one, as tasks of tasks.end."}
        </EmptyState>
      )}
      {data !== undefined && data.length > 0 && (
        <>
          <ol aria-label="Entries" className="divide-y divide-line rounded-xl border border-line bg-surface">
            {data.slice(0, limit).map((entry, at) => (
              // Entries have no id, and nothing of one changes; new ones come at the beginning.
              // oxlint-disable-next-line react/no-array-index-key
              <AuditRow key={`${data.length - at} ${entry.at}`} entry={entry} />
            ))}
          </ol>
          {hasMore && (
            <Button className="mt-4" busy={list.isFetching} onClick={() => setMore({ key, pages: pages + 1 })}>
              Show {PAGE} more
            </Button>
          )}
        </>
      )}
      <Foot commands={["ws audit"]} />
    </>
  );
}
