import { conform } from "./conform/run.ts";

const { code, lines } = await conform(process.argv.slice(2));
for (const line of lines) (code === 2 ? console.error : console.log)(line);
process.exitCode = code;
