import { existsSync, readFileSync } from "node:fs";

import { isHex, type Hex } from "./core/bytes.ts";
import { TraceError } from "./core/trace-error.ts";
