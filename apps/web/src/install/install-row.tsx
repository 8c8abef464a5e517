import { Download } from "lucide-react";
import { Button } from "../components/ui/button.tsx";
import { Row } from "../components/ui/page.tsx";
import { useInstall } from "./use-install.ts";

const WITHOUT_TABS = "In a window of its own, which opens without a network, too.";

/** A row of settings by which the page becomes an app; of the app itself it says that it is one. */
export function InstallRow() {
  const how = useInstall();
  switch (how.by) {
    case "press":
      return (
        <Row label="Install as an app" hint={WITHOUT_TABS}>
          <Button size="small" onClick={() => void how.install()}>
            <Download aria-hidden />
            Install app
          </Button>
        </Row>
      );
    case "share":
      return <Row label="Install as an app" hint="On iPhone and iPad: Share, then Add to Home Screen." />;
    case "menu":
      return <Row label="Install as an app" hint="Where this browser can do so, its own menu has an entry for it." />;
    case "nothing":
      return how.why === "installed" ? (
        <Row label="Installed" hint="This is the app. Its own menu, or the system's, removes it." />
      ) : (
        <Row label="Install as an app" hint="Browsers allow this over https or on the worker itself only." />
      );
  }
}
