import { useState } from "react";
import { copyText } from "../../components/copy-text.ts";
import { useToaster } from "../../components/ui/toast.tsx";
import { useServices } from "../../services.ts";
import { createAgreed } from "./agreed.ts";

interface Preview {
  /** Opens what a port shows in a tab of its own; the first time it is asked for a workspace, it says what that is before. */
  open(port: number): void;
  /** A link for another browser of this machine. */
  copyLink(port: number): Promise<void>;
  /** The port that is asked about. */
  asked: number | undefined;
  agree(): void;
  cancel(): void;
  /** The port of which a tab is being opened. */
  opening: number | undefined;
}

/** Previews of one workspace. What goes wrong is told in the corner. */
export function usePreview({ id, name }: { id: string; name: string }): Preview {
  const { client } = useServices();
  const toaster = useToaster();
  const [agreed] = useState(() => createAgreed(localStorage));
  const [asked, setAsked] = useState<number>();
  const [opening, setOpening] = useState<number>();

  const show = async (port: number) => {
    // Opened now, while the browser knows of the press: what comes after an answer it takes for an advertisement.
    const tab = window.open("about:blank", "_blank");
    if (tab === null) {
      const message = "This browser does not let the page open a tab.";
      toaster.failed(`Port ${port} was not opened`, new Error(`${message} Copy its link instead.`));
      return;
    }
    // What is shown there is the workspace's and has no business with this page.
    tab.opener = null;
    setOpening(port);
    try {
      const { url } = await client.previews.open({ name, port });
      tab.location.replace(url);
    } catch (error) {
      tab.close();
      toaster.failed(`Port ${port} was not opened`, error);
    } finally {
      setOpening(undefined);
    }
  };

  return {
    open(port) {
      if (agreed.has(id)) void show(port);
      else setAsked(port);
    },
    async copyLink(port) {
      try {
        const { url } = await client.previews.open({ name, port });
        if (await copyText(url)) toaster.done("The link is copied. It lets one browser in, once, within a minute.");
        else toaster.failed("The link was not copied", new Error("This browser did not allow it."));
      } catch (error) {
        toaster.failed(`There is no link to port ${port}`, error);
      }
    },
    asked,
    agree() {
      if (asked === undefined) return;
      agreed.add(id);
      setAsked(undefined);
      void show(asked);
    },
    cancel: () => setAsked(undefined),
    opening,
  };
}
