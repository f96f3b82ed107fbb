/**
 * Events of Browserbase's functions, which are not built: nothing of the kind ever happens here. A webhook may name them all the
 * same, since the SDK's types know no others; the answer says that none is sent.
 */
export const EVENTS_OF_FUNCTIONS = [
  'functions.builds.running',
  'functions.builds.completed',
  'functions.builds.failed',
  'functions.invocations.pending',
  'functions.invocations.running',
  'functions.invocations.completed',
  'functions.invocations.failed',
] as const;

export type EventOfFunctions = (typeof EVENTS_OF_FUNCTIONS)[number];

export const isOfFunctions = (type: unknown): type is EventOfFunctions =>
  EVENTS_OF_FUNCTIONS.some((each) => each === type);
