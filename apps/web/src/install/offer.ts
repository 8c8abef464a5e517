import { createStore, type Store } from "../live/store.ts";

/** What Chromium's browsers hand a page that can be installed; no other browser does. */
interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}

/** The browser's offer to install the page, kept until somebody asks for it; undefined where there is none, or no more. */
export interface InstallOffer extends Store<(() => Promise<void>) | undefined> {}

/** Keeps the browser from asking by itself: nobody who came to work is asked anything. */
export function createInstallOffer(page: EventTarget): InstallOffer {
  const offer = createStore<(() => Promise<void>) | undefined>(undefined);
  page.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    // An offer is good for one question, also where it is answered with no; the browser makes another one by itself.
    offer.set(async () => {
      offer.set(undefined);
      await (event as InstallEvent).prompt();
    });
  });
  page.addEventListener("appinstalled", () => offer.set(undefined));
  return offer;
}
