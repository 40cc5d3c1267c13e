/**
 * Loaded into the processes that hunt mutants. Stryker hears of a promise that nobody awaits and keeps quiet, so a test whose
 * server died of its mutant would wait until its time is over; mocha's own command line ends it at once, and so does this.
 */
process.on('unhandledRejection', (reason) => {
  setImmediate(() => {
    throw reason instanceof Error ? reason : new Error(String(reason));
  });
});
