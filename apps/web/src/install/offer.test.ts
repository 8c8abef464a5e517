import { expect, test } from "vitest";
import { createInstallOffer } from "./offer.ts";

function offered(page: EventTarget) {
  const event = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), {
    asked: 0,
    async prompt() {
      event.asked += 1;
    },
  });
  page.dispatchEvent(event);
  return event;
}

test("The browser's own question is kept until somebody asks for it, and asked once", async () => {
  const page = new EventTarget();
  const offer = createInstallOffer(page);
  const heard: boolean[] = [];
  offer.subscribe(() => heard.push(offer.state() !== undefined));
  expect(offer.state()).toBeUndefined();
  const event = offered(page);
  expect([event.defaultPrevented, event.asked]).toEqual([true, 0]);
  await offer.state()?.();
  expect([event.asked, offer.state()]).toEqual([1, undefined]);
  offered(page);
  expect(heard).toEqual([true, false, true]);
});

test("What was installed is offered no more", () => {
  const page = new EventTarget();
  const offer = createInstallOffer(page);
  offered(page);
  page.dispatchEvent(new Event("appinstalled"));
  expect(offer.state()).toBeUndefined();
});
