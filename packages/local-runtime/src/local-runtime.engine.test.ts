import { conformance } from "./testing/suites.ts";

conformance("bubblewrap");
