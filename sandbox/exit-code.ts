/** Exit codes of the worker and of the command line alike. */
export const ExitCode = { done: 0, failed: 1, usage: 2, host: 3, interrupted: 130 } as const;
