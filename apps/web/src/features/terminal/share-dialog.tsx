import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ago } from "../../components/amounts.ts";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { CopyButton } from "../../components/ui/copy-button.tsx";
import { Dialog, DialogBody, DialogContent } from "../../components/ui/dialog.tsx";
import { Field } from "../../components/ui/field.tsx";
import { fieldClass, Input } from "../../components/ui/input.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { toProblem } from "../../problem.ts";
import { useServices } from "../../services.ts";

interface ShareDialogProps {
  workspace: string;
  /** What it is called. */
  terminal: string;
  close: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

const HOUR_S = 3_600;
const TERMS = [
  [HOUR_S, "1 hour"],
  [8 * HOUR_S, "8 hours"],
  [24 * HOUR_S, "1 day"],
  [7 * 24 * HOUR_S, "7 days"],
] as const;

/** Links with which others watch one terminal: made here, shown once, listed and revoked. */
export default function ShareDialog({ workspace, terminal, close, onCloseAutoFocus }: ShareDialogProps) {
  const { client, queries, worker, hub } = useServices();
  const queryClient = useQueryClient();
  const links = useQuery(queries.terminals.links.queryOptions({ input: { name: workspace }, staleTime: 0 }));
  const [ttlSeconds, setTtlSeconds] = useState<number>(HOUR_S);
  const [made, setMade] = useState<string>();
  const making = useAttempt(nothing);
  const revoking = useAttempt(nothing);
  const listed = (links.data ?? []).filter((link) => link.terminal === terminal);
  const problem = making.problem ?? revoking.problem ?? (links.isError ? toProblem(links.error) : undefined);
  const listAgain = () =>
    queryClient.invalidateQueries({ queryKey: queries.terminals.links.queryKey({ input: { name: workspace } }) });

  const make = () =>
    making.attempt(async () => {
      const asked = { name: workspace, terminal, ttlSeconds };
      // Of a worker behind a hub it is the hub that others reach.
      const { url } = await (worker === undefined
        ? client.terminals.share(asked)
        : hub.workers.share.call({ worker, ...asked }));
      const { pathname, hash } = new URL(url);
      setMade(`${location.origin}${pathname}${hash}`);
      await listAgain();
      return undefined;
    });
  const revoke = (link: string) =>
    revoking.attempt(async () => {
      setMade(undefined);
      try {
        await client.terminals.unshare({ name: workspace, link });
      } finally {
        await listAgain();
      }
      return undefined;
    });

  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent
        width="wide"
        onCloseAutoFocus={onCloseAutoFocus}
        title={`Share '${terminal}'`}
        description="Whoever has a link watches this one terminal, and types nothing. They see what its program prints."
      >
        <DialogBody className="space-y-5">
          <form
            className="flex items-end gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              make();
            }}
          >
            <Field label="Good for" className="min-w-0 flex-1">
              {(control) => (
                <select
                  {...control}
                  className={fieldClass}
                  value={ttlSeconds}
                  onChange={({ target }) => setTtlSeconds(Number(target.value))}
                >
                  {TERMS.map(([seconds, text]) => (
                    <option key={seconds} value={seconds}>
                      {text}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Button type="submit" variant="primary" busy={making.busy}>
              Make a link
            </Button>
          </form>
          {made !== undefined && <Made url={made} />}
          {problem !== undefined && (
            <Notice tone="bad" title="That did not work" urgent>
              <ProblemText problem={problem} />
            </Notice>
          )}
          <section aria-label="Links of this terminal">
            <h3 className="text-sm font-semibold">Links</h3>
            {links.isSuccess && listed.length === 0 && <p className="mt-1 text-sm text-muted">Nobody has one.</p>}
            <ul className="mt-1 divide-y divide-line">
              {listed.map(({ id, created, expires, lastUsed }) => (
                <li key={id} className="flex items-center gap-3 py-2">
                  <p className="min-w-0 flex-1 text-sm">
                    Until {new Date(expires).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}
                    <span className="block text-xs text-muted">
                      Made {ago(created, links.dataUpdatedAt)},{" "}
                      {lastUsed === undefined ? "not used" : `used ${ago(lastUsed, links.dataUpdatedAt)}`}
                    </span>
                  </p>
                  <Button size="small" busy={revoking.busy} onClick={() => revoke(id)}>
                    Revoke<span className="sr-only"> the link made {ago(created, links.dataUpdatedAt)}</span>
                  </Button>
                </li>
              ))}
            </ul>
          </section>
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}

const nothing = (): void => undefined;

/** It cannot be shown again: nobody keeps it. */
function Made({ url }: { url: string }) {
  return (
    <div className="flex items-end gap-2">
      <Field label="The link, shown only now" className="min-w-0 flex-1">
        {(control) => (
          <Input {...control} readOnly value={url} className="font-mono" onFocus={({ target }) => target.select()} />
        )}
      </Field>
      <CopyButton text={url} label="Copy the link">
        Copy
      </CopyButton>
    </div>
  );
}
