import { halves } from "./testing/lifecycle.ts";
import { conformance } from "./testing/suites.ts";

conformance("none");
halves();
