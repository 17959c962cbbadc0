import { render } from "preact";

import { App } from "./app.tsx";
import "./app.css";
import { canMakeKeys } from "./keys.ts";
import { keepSending } from "./outbox.ts";
import { personOf } from "./roles.ts";
import { straightenTexts } from "./straight-text.ts";

straightenTexts();
const person = personOf(location.pathname);
const root = document.getElementById("app");
if (person !== undefined && root !== null) render(<App person={person} />, root);
// Without a secure address there are neither keys nor locks, and so nothing to send.
if (canMakeKeys()) keepSending();

// Starts without a network from the second time on; what is signed lies in the outbox either way.
if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/app/worker.js");
