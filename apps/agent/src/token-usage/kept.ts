import type { Clock } from "@ws/workspace-core";

/** What takes long to add up, kept as long as it would come to the same. */
export interface Kept<T> {
  /** As it was found last, at once; undefined where it never was. It is added up anew meanwhile where that is due. */
  known(): T | undefined;
  /** As it is now; as it was found last where adding up takes so long that it is not due. */
  now(): Promise<T>;
}

/** No more of the time than that goes into it, however much there is to add up. */
const SHARE = 0.05;

/** `state` says the same as long as `work` would find the same; `told` is called when `known` has found something. */
export function createKept<T>(options: {
  clock: Pick<Clock, "monotonic">;
  state: () => string;
  work: () => Promise<T>;
  told?: (() => void) | undefined;
}): Kept<T> {
  const { clock, state, work, told = () => undefined } = options;
  let last: { of: string; at: number; tookMs: number; found: T } | undefined;
  let going: Promise<T> | undefined;

  async function find(): Promise<T> {
    const [of, begun] = [state(), clock.monotonic()];
    const found = await work();
    const at = clock.monotonic();
    last = { of, at, tookMs: at - begun, found };
    return found;
  }

  /** Once for all who wait. */
  function again(): Promise<T> {
    going ??= find().finally(() => {
      going = undefined;
    });
    return going;
  }

  function isDue(): boolean {
    if (last === undefined) return true;
    const rested = clock.monotonic() - last.at >= last.tookMs / SHARE;
    return rested && last.of !== state();
  }

  return {
    known() {
      // What fails is tried again when somebody asks again.
      if (going === undefined && isDue()) void again().then(told, () => undefined);
      return last?.found;
    },
    now: async () => (last === undefined || isDue() ? again() : last.found),
  };
}
