import { markScripted } from "./mark.ts";

markScripted();
