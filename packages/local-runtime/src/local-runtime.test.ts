import { conformance } from "./testing/suites.ts";

conformance("none");
