/**
 * Ends the run if a test left something open: a child, a socket or a timer would keep the process for ever. The timer
 * itself keeps nothing alive, so a run that leaves nothing never meets it.
 */
after(() => {
  setTimeout(() => {
    console.error(`still open a minute after the tests: ${process.getActiveResourcesInfo()}`);
    process.exit(1);
  }, 60_000).unref();
});
