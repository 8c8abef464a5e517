import { Download } from "lucide-react";
import { useVerbs } from "../components/verbs/verbs-context.tsx";
import type { Verb } from "../components/verbs/verbs.ts";
import { useAwayNews } from "../features/inbox/use-away-news.ts";
import { useChanges } from "../features/workspaces/changes/use-changes.ts";
import { useInstall } from "../install/use-install.ts";
import { Attendance } from "../notifications/attendance.tsx";

/** What a page needs once its first screen is there. It shows nothing. */
export default function Later() {
  useAwayNews();
  useChanges();
  const install = useInstall();
  useVerbs((): Verb[] => {
    if (install.by !== "press") return [];
    const run = () => void install.install();
    return [
      { id: "install", label: "Install app", group: "This browser", words: "home screen pwa", icon: Download, run },
    ];
  });
  return <Attendance />;
}
