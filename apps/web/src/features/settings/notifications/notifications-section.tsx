import { Bell, BellOff, BellRing } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { Command } from "../../../components/command.tsx";
import { lazyPart } from "../../../components/lazy-part.ts";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { Notice } from "../../../components/notice.tsx";
import { PartFrame } from "../../../components/part-boundary.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Row, Section } from "../../../components/ui/page.tsx";
import { Switch } from "../../../components/ui/switch.tsx";
import { notify } from "../../../notifications/browser.ts";
import type { NewsKind } from "../../../notifications/choices.ts";
import { useNewsChoices } from "../../../notifications/use-choices.ts";
import { usePermission } from "../../../notifications/use-permission.ts";
import { SettingsHeader } from "../settings-header.tsx";

const PushControl = lazyPart(() => import("../../../notifications/push-control.tsx"));

const KINDS: readonly { kind: NewsKind; label: string; about: string }[] = [
  { kind: "asks", label: "A coding tool asks me", about: "It has a question, wants a permission, or needs a sign-in." },
  { kind: "failed", label: "A task failed", about: "After its last try." },
  { kind: "finished", label: "A task is done", about: "Of a coding tool or a command." },
  { kind: "checks", label: "Checks fail", about: "Of a pull request that a workspace has opened." },
  { kind: "limits", label: "A usage limit was met", about: "Of an account of a coding tool, or of what may be spent." },
  { kind: "refused", label: "A host was refused", about: "A program in a guarded workspace was not let out." },
];

/** What this browser tells somebody who is away of, and whether it may. */
export default function NotificationsSection() {
  const choices = useNewsChoices();
  const { state, ask } = usePermission();
  return (
    <>
      <SettingsHeader />
      <Section
        title="By a page that is open"
        description="A page of this worker tells you once it was out of sight for half a minute."
      >
        {state === undefined ? <NotHere /> : <MayTell state={state} ask={ask} />}
      </Section>
      <Section
        title="It tells me when"
        description={
          state === "granted"
            ? "Kept in this browser: another device has choices of its own."
            : "These can be chosen once this browser may tell you anything."
        }
      >
        {/* Both ways have switches of the same names. */}
        <div role="group" aria-label="By a page that is open" className="divide-y divide-line">
          {KINDS.map(({ kind, label, about }) => (
            <Row key={kind} label={<span id={`news-${kind}`}>{label}</span>} hint={about}>
              <Switch
                aria-labelledby={`news-${kind}`}
                checked={choices.wants(kind)}
                onCheckedChange={(wanted) => choices.choose(kind, wanted)}
                disabled={state !== "granted"}
              />
            </Row>
          ))}
        </div>
      </Section>
      <Section
        title="While no page is in front"
        description="The worker sends it to this browser's push service, which cannot read it."
      >
        <PartFrame fallback={<LoadingLines label="Loading…" widths={["w-44", "w-56"]} className="px-4 py-3.5" />}>
          <div role="group" aria-label="While no page is in front" className="divide-y divide-line">
            <PushControl />
          </div>
        </PartFrame>
      </Section>
    </>
  );
}

/** Where a browser has no notifications, or not for such a page. */
function NotHere() {
  if (window.isSecureContext) return <p className="px-4 py-3.5 text-sm">This browser has no notifications.</p>;
  return (
    <div className="space-y-2 px-4 py-3.5 text-sm">
      <p>Browsers show notifications of pages alone that came over HTTPS, or from their own machine.</p>
      <p className="text-muted">Start the worker with a certificate, and open this page anew:</p>
      <Command>ws agent run --listen 0.0.0.0 --tls</Command>
    </div>
  );
}

function MayTell({ state, ask }: { state: NotificationPermission; ask: () => void }) {
  if (state === "granted") return <Allowed />;
  if (state === "default") {
    return (
      <Row label="Not asked yet" hint="The browser asks you once; it can be taken back in its settings of this site.">
        <Button variant="primary" onClick={ask}>
          <Bell aria-hidden />
          Allow notifications
        </Button>
      </Row>
    );
  }
  return (
    <Row
      label={
        <span className="flex items-center gap-2">
          <BellOff className="size-4 text-muted" aria-hidden />
          Blocked
        </span>
      }
      hint="This browser was told not to let the page tell you anything. Allow it in its settings of this site, beside the address."
    />
  );
}

function Allowed() {
  const navigate = useNavigate();
  const [shown, setShown] = useState<boolean>();
  const test = () => {
    const news = { tag: "test", title: "This is how it looks", body: "A press on it leads to the inbox." };
    setShown(notify(news, () => void navigate("/inbox")));
  };
  return (
    <>
      <Row
        label={
          <span className="flex items-center gap-2">
            <BellRing className="size-4 text-good" aria-hidden />
            Allowed
          </span>
        }
        hint={
          <span role="status">
            {shown === true && "It was given to the system. Where none is seen, the system holds it back."}
          </span>
        }
      >
        <Button size="small" onClick={test}>
          Show one now
        </Button>
      </Row>
      {shown === false && (
        <div className="px-4 py-3">
          <Notice tone="warn" title="This browser does not show notifications of a page" urgent>
            <p className="text-muted">Browsers of phones often do so for installed pages alone.</p>
          </Notice>
        </div>
      )}
    </>
  );
}
